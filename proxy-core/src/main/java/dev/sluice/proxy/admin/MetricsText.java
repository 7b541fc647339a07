package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Answer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.stream.Collectors;

/** The metrics of the process as Prometheus reads them. Thread-safe. */
public final class MetricsText {
    /** The type of Prometheus' text format. */
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

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
        return Answer.of(PROMETHEUS, exposition);
    }

    /** All of them; ends with a line end. */
    public String text() {
        return metrics.scrape().lines().map(MetricsText::withEnvoysBound).collect(Collectors.joining("\n", "", "\n"));
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
