package dev.heartbeat.interval.nat;

/**
 * The ruler of the search. One cell is as wide as the tolerance at its place, so that a bracket of one cell is known
 * well enough, and cutting a bracket into equal numbers of cells cuts it into parts that are equally hard to search.
 *
 * <p>Below {@code absoluteNs / relative} cells are {@code absoluteNs} wide; above, each ends at
 * {@code 1 / (1 - relative)} times its start.
 */
final class SearchScale {
    private final double absoluteNs;
    private final double logStep;
    private final double kneeNs;
    private final double kneeCells;

    SearchScale(double relative, long absoluteNs) {
        this.absoluteNs = absoluteNs;
        this.logStep = -Math.log1p(-relative);
        this.kneeNs = absoluteNs / relative;
        this.kneeCells = kneeNs / absoluteNs;
    }

    private double position(long ns) {
        return ns <= kneeNs ? ns / absoluteNs : kneeCells + Math.log(ns / kneeNs) / logStep;
    }

    private long at(double position) {
        double ns = position <= kneeCells ? position * absoluteNs : kneeNs * Math.exp((position - kneeCells) * logStep);
        return Math.round(ns);
    }

    /** The width of a cell at its place. */
    long cellNs(long ns) {
        return ns <= kneeNs ? (long) absoluteNs : (long) (ns * -Math.expm1(-logStep));
    }

    /** The width of a bracket, rounded up but for a hair. */
    int cells(long fromNs, long toNs) {
        return (int) Math.ceil(position(toNs) - position(fromNs) - 0.01);
    }

    /** The inner cuts that divide a bracket into equal parts. */
    long[] cuts(long fromNs, long toNs, int parts) {
        double from = position(fromNs);
        double step = (position(toNs) - from) / parts;
        long[] cuts = new long[parts - 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = at(from + step * (i + 1));
        }
        return cuts;
    }
}
