package dev.sluice.proxy.admin.scrape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * Where an app tells its metrics: the annotations {@code prometheus.io/port}, {@code path} and {@code scrape} of its pod, in the
 * JSON that Istio's injector makes of them ({@code ISTIO_PROMETHEUS_ANNOTATIONS}).
 *
 * @param path begins with a slash
 */
public record AppMetrics(int port, String path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 65_535;
    /** Istio's, where the annotations say none. */
    private static final String DEFAULT_PORT = "80";

    private static final String DEFAULT_PATH = "/metrics";

    /**
     * Reads {@code {"scrape":"true","path":"/metrics","port":"8080"}}; each may be missing.
     *
     * @return null where they are not to be scraped
     * @throws IllegalArgumentException with what is wrong
     */
    public static @Nullable AppMetrics parse(String json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("no map with scrape, path and port");
        }
        if (text(tree, "scrape").equals("false")) {
            return null;
        }
        return new AppMetrics(port(text(tree, "port")), path(text(tree, "path")));
    }

    private static String text(JsonNode tree, String key) {
        return tree.path(key).asText("");
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text.isEmpty() ? DEFAULT_PORT : text);
            if (port >= 1 && port <= MOST) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("port: '" + text + "' is no number", e);
        }
        throw new IllegalArgumentException("port: " + text + " is not one of 1 to " + MOST);
    }

    private static String path(String text) {
        if (text.isEmpty()) {
            return DEFAULT_PATH;
        }
        boolean plain = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!plain) {
            throw new IllegalArgumentException("path: blanks and the like must be escaped (%20)");
        }
        return text.startsWith("/") ? text : "/" + text;
    }
}
