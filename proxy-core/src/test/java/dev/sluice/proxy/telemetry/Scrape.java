package dev.sluice.proxy.telemetry;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Prometheus would read: the text of a registry, taken apart. */
final class Scrape {
    /** One sample line. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Samples of that very name. */
    List<Sample> all(String name) {
        List<Sample> found = new ArrayList<>();
        for (String line : registry.scrape().lines().toList()) {
            if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
                found.add(parse(line));
            }
        }
        return found;
    }

    /** The only sample of that name. */
    Sample one(String name) {
        List<Sample> found = all(name);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + name + ", found " + found + " in\n" + registry.scrape());
        }
        return found.get(0);
    }

    double value(String name) {
        return one(name).value();
    }

    private static Sample parse(String line) {
        int value = line.lastIndexOf(' ');
        int brace = line.indexOf('{');
        Map<String, String> labels = new TreeMap<>();
        if (brace >= 0) {
            String inside = line.substring(brace + 1, line.lastIndexOf('}'));
            for (String label : inside.split("\",", -1)) {
                int equals = label.indexOf("=\"");
                String text = label.substring(equals + 2);
                labels.put(
                        label.substring(0, equals), text.endsWith("\"") ? text.substring(0, text.length() - 1) : text);
            }
        }
        return new Sample(
                line.substring(0, brace >= 0 ? brace : value), labels, Double.parseDouble(line.substring(value + 1)));
    }
}
