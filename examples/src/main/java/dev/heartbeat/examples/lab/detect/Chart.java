package dev.heartbeat.examples.lab.detect;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/** Detection time against mistakes, a curve for each detector and a picture for each trace, as SVG or a page of them. */
final class Chart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;

    private Chart() {}

    static void write(Path file, List<Result> results) throws IOException {
        Map<String, List<Result>> byTrace = new LinkedHashMap<>();
        for (Result result : results) {
            byTrace.computeIfAbsent(result.trace(), name -> new ArrayList<>()).add(result);
        }
        StringBuilder text = new StringBuilder();
        if (isPage(file)) {
            text.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                    .append("<title>Failure detectors</title></head><body>\n");
            byTrace.forEach((trace, some) -> text.append(svg(trace, some, 0)).append('\n'));
            text.append("</body></html>\n");
        } else {
            int top = 0;
            text.append(String.format(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">%n",
                    WIDTH, HEIGHT * Math.max(1, byTrace.size())));
            for (Map.Entry<String, List<Result>> entry : byTrace.entrySet()) {
                text.append(svg(entry.getKey(), entry.getValue(), top)).append('\n');
                top += HEIGHT;
            }
            text.append("</svg>\n");
        }
        Files.writeString(file, text);
    }

    static void check(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".svg") && !isPage(file)) {
            throw new IllegalArgumentException("--chart: " + file + " (expected: a name that ends in .svg or .html)");
        }
    }

    private static boolean isPage(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".html") || name.endsWith(".htm");
    }

    private static String svg(String trace, List<Result> results, int top) {
        Map<String, XYSeries> curves = new LinkedHashMap<>();
        for (Result result : results) {
            XYSeries curve = curves.computeIfAbsent(result.detector(), XYSeries::new);
            if (result.mistakes() > 0) { // none at all has no place on a logarithmic axis
                curve.add(result.tdMeanMs(), result.mistakesPerHour());
            }
        }
        XYSeriesCollection data = new XYSeriesCollection();
        curves.values().forEach(data::addSeries);
        JFreeChart chart = ChartFactory.createXYLineChart(
                trace,
                "detection time, mean, ms",
                "mistakes per hour",
                data,
                PlotOrientation.VERTICAL,
                true,
                false,
                false);
        XYPlot plot = chart.getXYPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        LogAxis decades = new LogAxis("mistakes per hour");
        decades.setTickUnit(new NumberTickUnit(1, new DecimalFormat("0.###")));
        plot.setRangeAxis(decades);
        ((NumberAxis) plot.getDomainAxis()).setAutoRangeIncludesZero(false);
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        for (int i = 0; i < data.getSeriesCount(); i++) {
            boolean ours = "adaptive".equals(data.getSeriesKey(i));
            renderer.setSeriesStroke(i, new BasicStroke(ours ? 3f : 1f));
        }
        plot.setRenderer(renderer);
        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
        graphics.setDefsKeyPrefix("t" + top + "-");
        chart.draw(graphics, new Rectangle(WIDTH, HEIGHT));
        String svg = graphics.getSVGElement();
        return top == 0 ? svg : svg.replaceFirst("<svg ", "<svg y=\"" + top + "\" ");
    }
}
