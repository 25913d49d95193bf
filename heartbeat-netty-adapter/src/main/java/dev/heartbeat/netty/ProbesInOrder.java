package dev.heartbeat.netty;

/**
 * Which probe an answer belongs to that carries no id: on a stream answers come in the order of the questions, so it is
 * the oldest that has none yet.
 *
 * <p>It remembers as many as the monitor does; a peer that left more than that unanswered is not going to answer them.
 */
final class ProbesInOrder {
    private static final int MOST = 16;
    private static final int ID_MASK = 0xFFFF;

    private int oldest;
    private int count;

    void add(int probeId) {
        if (count == 0) {
            oldest = probeId;
        }
        if (count == MOST) {
            oldest = oldest + 1 & ID_MASK;
        } else {
            count++;
        }
    }

    /** {@return the probe that is answered now; -1 if none is unanswered} */
    int next() {
        if (count == 0) {
            return -1;
        }
        int answered = oldest;
        oldest = oldest + 1 & ID_MASK;
        count--;
        return answered;
    }
}
