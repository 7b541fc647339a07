package dev.sluice.proxy.kubernetes.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the kubelet ask the proxy, which asks the app on its own address: a probe then says what the app says, whatever the
 * traffic is subject to. The same for the hooks of a container's life. Paths and JSON are those of Istio's {@code
 * ISTIO_KUBE_APP_PROBERS}.
 */
final class ProbeRewrite {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> PATHS = Map.of(
            "livenessProbe", "livez",
            "readinessProbe", "readyz",
            "startupProbe", "startupz",
            "preStop", "prestopz",
            "postStart", "poststartz");

    private static final int MOST_PORT = 65_535;

    private final int statusPort;
    private final Map<String, Object> originals = new LinkedHashMap<>();

    ProbeRewrite(int statusPort) {
        this.statusPort = statusPort;
    }

    /** Rewrites a container's probes and hooks, but for those that run a program or ask another host. */
    void rewrite(YamlMap container) throws ManifestException {
        String name = container.text("name");
        if (name == null) {
            throw container.error("a container has no name");
        }
        for (String kind : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            YamlMap probe = container.map(kind);
            if (probe != null) {
                rewrite(container, probe, "/app-health/" + name + "/" + PATHS.get(kind));
            }
        }
        YamlMap lifecycle = container.map("lifecycle");
        for (String kind : List.of("preStop", "postStart")) {
            YamlMap hook = lifecycle == null ? null : lifecycle.map(kind);
            if (hook != null) {
                rewrite(container, hook, "/app-lifecycle/" + name + "/" + PATHS.get(kind));
            }
        }
    }

    private void rewrite(YamlMap container, YamlMap probe, String path) throws ManifestException {
        Map<String, Object> original = new LinkedHashMap<>();
        for (String action : List.of("httpGet", "tcpSocket", "grpc")) {
            YamlMap asked = probe.map(action);
            if (asked == null) {
                continue;
            }
            if (asked.text("host") != null) {
                return;
            }
            original.put(action, original(action, container, asked));
            probe.remove(action);
        }
        if (original.isEmpty()) {
            return;
        }
        String timeout = probe.text("timeoutSeconds");
        if (timeout != null) {
            original.put("timeoutSeconds", number(probe, "timeoutSeconds", timeout));
        }
        probe.put("httpGet", Containers.map("path", path, "port", statusPort));
        originals.put(path, original);
    }

    private static Map<String, Object> original(String action, YamlMap container, YamlMap asked)
            throws ManifestException {
        return switch (action) {
            case "httpGet" -> httpGet(container, asked);
            case "grpc" -> grpc(container, asked);
            default -> target(container, asked);
        };
    }

    private static Map<String, Object> grpc(YamlMap container, YamlMap asked) throws ManifestException {
        Map<String, Object> grpc = target(container, asked);
        String service = asked.text("service");
        if (service != null) {
            grpc.put("service", service);
        }
        return grpc;
    }

    private static Map<String, Object> httpGet(YamlMap container, YamlMap asked) throws ManifestException {
        Map<String, Object> httpGet = target(container, asked);
        String path = asked.text("path");
        httpGet.put("path", path == null ? "/" : path);
        String scheme = asked.text("scheme");
        httpGet.put("scheme", scheme == null ? "HTTP" : scheme);
        List<YamlMap> headers = asked.maps("httpHeaders");
        if (!headers.isEmpty()) {
            httpGet.put("httpHeaders", headers.stream().map(YamlMap::texts).toList());
        }
        return httpGet;
    }

    private static Map<String, Object> target(YamlMap container, YamlMap asked) throws ManifestException {
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("port", port(container, asked));
        return target;
    }

    /** A port by its number, or by its name among the container's ports. */
    private static int port(YamlMap container, YamlMap asked) throws ManifestException {
        String port = asked.text("port");
        if (port == null) {
            throw asked.error("a probe has no port");
        }
        for (YamlMap declared : container.maps("ports")) {
            String number = declared.text("containerPort");
            if (port.equals(declared.text("name")) && number != null) {
                return port(declared, number(declared, "containerPort", number));
            }
        }
        return port(asked, number(asked, "port", port));
    }

    private static int port(YamlMap at, int number) throws ManifestException {
        if (number < 1 || number > MOST_PORT) {
            throw at.error("port " + number + " is not one of 1 to " + MOST_PORT);
        }
        return number;
    }

    private static int number(YamlMap at, String key, String text) throws ManifestException {
        Integer number = parsed(text);
        if (number == null) {
            throw at.error(key + ": '" + text + "' is neither a number nor the name of a port of this container");
        }
        return number;
    }

    private static @Nullable Integer parsed(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The rewritten probes as JSON; empty when there is none. */
    String json() {
        try {
            return originals.isEmpty() ? "" : JSON.writeValueAsString(originals);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of strings and numbers", e);
        }
    }
}
