package dev.sluice.proxy.admin.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One probe of the app, as {@code sluice inject} took it out of the manifest.
 *
 * @param port of the app
 * @param http what to ask; null: a connection is enough
 * @param timeoutMillis for all of it
 */
record AppProbe(int port, @Nullable Http http, long timeoutMillis) {
    /** Kubernetes' own. */
    private static final int DEFAULT_SECONDS = 1;

    private static final int MOST_SECONDS = 3600;

    /**
     * @param headers in their order, name and value
     */
    record Http(String path, boolean tls, List<Map.Entry<String, String>> headers) {
        Http {
            headers = List.copyOf(headers);
        }
    }

    /** @throws IllegalArgumentException if it is none, with what is wrong */
    static AppProbe of(String path, JsonNode json) {
        JsonNode http = json.path("httpGet");
        JsonNode asked = http.isMissingNode() ? json.path("tcpSocket") : http;
        int port = asked.path("port").asInt(-1);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(path + ": neither httpGet nor tcpSocket with a port");
        }
        int seconds = json.path("timeoutSeconds").asInt(DEFAULT_SECONDS);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(path + ": timeoutSeconds is not one of 1 to " + MOST_SECONDS);
        }
        return new AppProbe(port, http.isMissingNode() ? null : http(http), seconds * 1000L);
    }

    private static Http http(JsonNode json) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (JsonNode header : json.path("httpHeaders")) {
            headers.add(
                    Map.entry(header.path("name").asText(), header.path("value").asText()));
        }
        String path = json.path("path").asText("/");
        return new Http(
                path.startsWith("/") ? path : "/" + path,
                json.path("scheme").asText("HTTP").equals("HTTPS"),
                headers);
    }
}
