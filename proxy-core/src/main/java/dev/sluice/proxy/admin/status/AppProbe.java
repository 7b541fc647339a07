package dev.sluice.proxy.admin.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One probe or hook of the app, as {@code sluice inject} took it out of the manifest.
 *
 * @param port of the app
 * @param question what to ask
 * @param timeoutMillis for all of it
 */
record AppProbe(int port, Question question, long timeoutMillis) {
    /** Kubernetes' own. */
    private static final int DEFAULT_SECONDS = 1;

    private static final int MOST_SECONDS = 3600;

    /** What an app is asked. */
    sealed interface Question {}

    /** Nothing: a connection is enough. */
    record Tcp() implements Question {}

    /**
     * The status of a GET.
     *
     * @param headers in their order, name and value
     */
    record Http(String path, boolean tls, List<Map.Entry<String, String>> headers) implements Question {
        Http {
            headers = List.copyOf(headers);
        }
    }

    /**
     * gRPC's health protocol, in cleartext, as the kubelet speaks it.
     *
     * @param service empty: the server as a whole
     */
    record Grpc(String service) implements Question {}

    /** @throws IllegalArgumentException if it is none, with what is wrong */
    static AppProbe of(String path, JsonNode json) {
        return of(path, json, DEFAULT_SECONDS);
    }

    /**
     * A hook, which has no timeout in Kubernetes: it may take as long as the pod has, and longer than any pod is waited for.
     *
     * @throws IllegalArgumentException if it is none, with what is wrong
     */
    static AppProbe hook(String path, JsonNode json) {
        return of(path, json, MOST_SECONDS);
    }

    private static AppProbe of(String path, JsonNode json, int defaultSeconds) {
        JsonNode asked = json.path("httpGet");
        Question question;
        if (asked.isObject()) {
            question = http(asked);
        } else if (json.path("grpc").isObject()) {
            asked = json.path("grpc");
            question = new Grpc(asked.path("service").asText(""));
        } else {
            asked = json.path("tcpSocket");
            question = new Tcp();
        }
        int port = asked.path("port").asInt(-1);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(path + ": no httpGet, tcpSocket or grpc with a port");
        }
        int seconds = json.path("timeoutSeconds").asInt(defaultSeconds);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(path + ": timeoutSeconds is not one of 1 to " + MOST_SECONDS);
        }
        return new AppProbe(port, question, seconds * 1000L);
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
