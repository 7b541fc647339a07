package dev.sluice.proxy.kubernetes.inject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pieces of containers that the proxy's have in common. */
public final class Containers {
    /** Of the sidecar, by which a pod is known that has one. */
    public static final String PROXY = "sluice-proxy";

    /** Of the init container. */
    public static final String INIT = "sluice-init";

    /** Of the volume with the configuration, and where it is mounted. */
    public static final String CONFIG_VOLUME = "sluice-config";

    public static final String CONFIG_FOLDER = "/etc/sluice";

    /** Of the volume for what is written at all. */
    public static final String TEMPORARY_VOLUME = "sluice-tmp";

    /** The user and group of the image; the rules of interception leave it alone. */
    public static final int USER = 1337;

    public static final int STATUS_PORT = 15020;
    public static final int METRICS_PORT = 15090;
    public static final int READY_PORT = 15021;

    /** Of the proxy, besides its status: its admin port, the two that connections are redirected to, metrics, readiness. */
    static final Set<Integer> OWN_PORTS = Set.of(15000, 15001, 15006, METRICS_PORT, READY_PORT);

    /** The image's program as a small process beside the proxy: an exec hook has no shell to find it with. */
    private static final List<String> PROGRAM = List.of(
            "/opt/sluice/jre/bin/java",
            "@/opt/sluice/java.options",
            "@/opt/sluice/wait.options",
            "-cp",
            "/opt/sluice/app/sluice.jar",
            "dev.sluice.proxy.app.Main");

    private Containers() {}

    /** A map in the order of {@code keysAndValues}. */
    public static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** What {@code sluice COMMAND} is inside the image. */
    public static List<String> program(String... command) {
        List<String> line = new ArrayList<>(PROGRAM);
        line.addAll(List.of(command));
        return line;
    }

    /** A process without privileges on a root that it cannot write. */
    public static Map<String, Object> unprivileged() {
        return map(
                "allowPrivilegeEscalation",
                false,
                "capabilities",
                map("drop", List.of("ALL")),
                "privileged",
                false,
                "readOnlyRootFilesystem",
                true,
                "runAsGroup",
                USER,
                "runAsNonRoot",
                true,
                "runAsUser",
                USER,
                "seccompProfile",
                map("type", "RuntimeDefault"));
    }

    /** An environment variable. */
    public static Map<String, Object> variable(String name, String value) {
        return map("name", name, "value", value);
    }

    /** An environment variable that Kubernetes fills. */
    public static Map<String, Object> field(String name, String path) {
        return map("name", name, "valueFrom", map("fieldRef", map("fieldPath", path)));
    }

    /** Mounts of the configuration and of a place to write. */
    public static List<Object> mounts() {
        return List.of(
                map("name", CONFIG_VOLUME, "mountPath", CONFIG_FOLDER, "readOnly", true),
                map("name", TEMPORARY_VOLUME, "mountPath", "/tmp"));
    }

    /** The volumes of {@link #mounts}; a pod starts also before its ConfigMap is there, and follows it from then on. */
    public static List<Map<String, Object>> volumes(String configMap) {
        return List.of(
                map("name", CONFIG_VOLUME, "configMap", map("name", configMap, "optional", true)),
                map("name", TEMPORARY_VOLUME, "emptyDir", map()));
    }

    /** {@code k=v,…}, as {@code SLUICE_LABEL} takes it. */
    public static String labels(Map<String, String> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
        return text.toString();
    }

    /** Asks the proxy whether every listener is bound and its configuration in force. */
    public static Map<String, Object> readiness(int port, int delay, int period, int failures) {
        return map(
                "httpGet",
                map("path", "/healthz/ready", "port", port),
                "initialDelaySeconds",
                delay,
                "periodSeconds",
                period,
                "timeoutSeconds",
                3,
                "failureThreshold",
                failures);
    }
}
