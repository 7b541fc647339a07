package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.scrape.Exposition;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.stream.Collectors;

/** The metrics of the process as Prometheus reads them. Thread-safe. */
public final class MetricsText {
    private final PrometheusMeterRegistry metrics;

    public MetricsText(PrometheusMeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** All of them. */
    public Answer answer() {
        return answer(text());
    }

    /** An exposition as an answer. */
    public static Answer answer(String exposition) {
        return Answer.of(Exposition.TEXT.contentType(), exposition);
    }

    /** All of them in {@code format}, without what a complete exposition ends with: more may follow. */
    public Answer begin(Exposition format) {
        String text = lines(metrics.scrape(format.contentType()));
        String end = format.end();
        boolean marked = !end.isEmpty() && text.endsWith(end);
        return Answer.of(format.contentType(), marked ? text.substring(0, text.length() - end.length()) : text);
    }

    /** All of them; ends with a line end. */
    public String text() {
        return lines(metrics.scrape());
    }

    private static String lines(String exposition) {
        return exposition.lines().map(MetricsText::withEnvoysBound).collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * Envoy writes {@code le="5"} where the Prometheus library writes {@code le="5.0"}. Labels are compared as text, so sums
     * over both kinds of proxy by {@code le} need the same.
     */
    private static String withEnvoysBound(String line) {
        int end = line.lastIndexOf(".0\"} ");
        int bound = line.lastIndexOf("le=\"");
        boolean is = end > 0 && bound > 0 && bound < end && line.indexOf('"', bound + 4) == end + 2;
        return is ? line.substring(0, end) + line.substring(end + 2) : line;
    }
}
