package dev.sluice.proxy.kubernetes.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.admin.scrape.AppMetrics;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One scrape for a pod's metrics, the app's and the proxy's: what the annotations {@code prometheus.io/…} say about the app
 * becomes the proxy's to know, and they lead to the proxy, as in Istio.
 */
final class AppScrape {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "prometheus_io_";
    private static final List<String> NAMES = List.of("scrape", "path", "port");

    private final PodSettings settings;

    AppScrape(PodSettings settings) {
        this.settings = settings;
    }

    /** Whether one scrape is for both. */
    boolean merges() throws ManifestException {
        int status = settings.statusPort();
        // Whoever names the proxy's port already has decided what is scraped.
        return status != 0
                && settings.mergesMetrics()
                && !said("port").equals(Integer.toString(status))
                && !List.of("0", "f", "F", "false", "FALSE", "False").contains(said("scrape"));
    }

    /** Where the app tells its metrics, in the JSON of {@code ISTIO_PROMETHEUS_ANNOTATIONS}; empty where it tells none. */
    String json() throws ManifestException {
        Map<String, Object> told = Containers.map("scrape", said("scrape"), "path", said("path"), "port", said("port"));
        boolean nothing = told.values().stream().allMatch(""::equals);
        if (nothing || !merges()) {
            return "";
        }
        try {
            String json = JSON.writeValueAsString(told);
            // The proxy reads it at its start, and would end at what it cannot read.
            AppMetrics.parse(json);
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings", e);
        } catch (IllegalArgumentException e) {
            throw new ManifestException("prometheus.io/" + e.getMessage());
        }
    }

    /** Leads scrapers to the proxy. */
    void redirect(YamlMap annotations) throws ManifestException {
        for (String key : new ArrayList<>(annotations.texts().keySet())) {
            boolean other = NAMES.contains(name(key)) && !key.equals("prometheus.io/" + name(key));
            if (other) {
                annotations.remove(key);
            }
        }
        annotations.put("prometheus.io/path", "/stats/prometheus");
        annotations.put("prometheus.io/port", "" + settings.statusPort());
        annotations.put("prometheus.io/scrape", "true");
    }

    private String said(String name) {
        for (Map.Entry<String, String> annotation : settings.annotations().entrySet()) {
            if (name(annotation.getKey()).equals(name)) {
                return annotation.getValue();
            }
        }
        return "";
    }

    /** {@code port} of whatever Prometheus takes for {@code prometheus.io/port}, else empty. */
    private static String name(String key) {
        StringBuilder plain = new StringBuilder(key);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!kept) {
                plain.setCharAt(i, '_');
            }
        }
        String sanitized = plain.toString();
        return sanitized.startsWith(PREFIX) ? sanitized.substring(PREFIX.length()) : "";
    }
}
