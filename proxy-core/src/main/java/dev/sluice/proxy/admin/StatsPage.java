package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /stats} for people and {@code /stats/prometheus} for Prometheus: the same numbers. */
final class StatsPage {
    private static final int MAX_FILTER = 1024;

    private final MetricsText metrics;

    StatsPage(PrometheusMeterRegistry registry) {
        this.metrics = new MetricsText(registry);
    }

    /** Everything, as Prometheus reads it. */
    Answer prometheus() {
        return metrics.answer();
    }

    private String scrape() {
        return metrics.text();
    }

    /** {@code name{labels}: value} lines or JSON; {@code filter} is an RE2 expression that a name has to hold. */
    Answer answer(Query query) throws IOException {
        String format = query.choice("format", "text", List.of("text", "json", "prometheus"));
        if (format.equals("prometheus")) {
            return prometheus();
        }
        Pattern filter = filter(query.one("filter"));
        List<String> samples = scrape().lines()
                .filter(line -> !line.startsWith("#"))
                .filter(line -> filter == null || filter.matcher(name(line)).find())
                .toList();
        if (format.equals("json")) {
            return Answer.json(JsonText.of(json -> write(samples, json)));
        }
        StringBuilder text = new StringBuilder();
        samples.forEach(
                line -> text.append(name(line)).append(": ").append(value(line)).append('\n'));
        return Answer.text(text.toString());
    }

    private static @Nullable Pattern filter(@Nullable String expression) {
        if (expression == null) {
            return null;
        }
        if (expression.length() > MAX_FILTER) {
            throw new IllegalArgumentException("filter is longer than " + MAX_FILTER + " characters");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("filter is no RE2 expression: " + e.getMessage(), e);
        }
    }

    private static void write(List<String> samples, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("stats");
        for (String line : samples) {
            json.writeStartObject();
            json.writeStringField("name", name(line));
            double value = Double.parseDouble(value(line).replace("Inf", "Infinity"));
            json.writeFieldName("value");
            if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                json.writeNumber((long) value);
            } else {
                json.writeNumber(value);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String name(String line) {
        return line.substring(0, line.lastIndexOf(' '));
    }

    private static String value(String line) {
        String value = line.substring(line.lastIndexOf(' ') + 1);
        return value.endsWith(".0") ? value.substring(0, value.length() - 2) : value;
    }
}
