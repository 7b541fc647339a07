package dev.sluice.proxy.kubernetes.inject;

import static dev.sluice.proxy.kubernetes.inject.Containers.map;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sidecar. */
final class ProxyContainer {
    private static final int STARTS_WITHIN_SECONDS = 600;
    /** As long as Istio's agent waits for endpoints to be taken off everywhere. */
    private static final String MINIMUM_DRAIN = "defaultConfig.proxyMetadata.MINIMUM_DRAIN_DURATION=5s";

    private final PodSettings settings;
    private final String probes;
    private final String metrics;

    /**
     * @param probes the app's own probes as JSON; empty when there is none
     * @param metrics where the app's own metrics are, as JSON; empty when it tells none
     */
    ProxyContainer(PodSettings settings, String probes, String metrics) {
        this.settings = settings;
        this.probes = probes;
        this.metrics = metrics;
    }

    Map<String, Object> container() throws ManifestException {
        boolean intercepts = !settings.interceptionMode().equals("NONE");
        Map<String, Object> container = map("name", Containers.PROXY, "image", settings.image());
        if (!settings.values().pullPolicy().isEmpty()) {
            container.put("imagePullPolicy", settings.values().pullPolicy());
        }
        container.put("args", arguments(intercepts));
        if (settings.nativeSidecar()) {
            container.put("restartPolicy", "Always");
        }
        container.put("env", environment());
        container.put("ports", ports());
        if (settings.nativeSidecar()) {
            // The kubelet starts what comes after it when this has passed.
            container.put("startupProbe", Containers.readiness(Containers.READY_PORT, 0, 1, STARTS_WITHIN_SECONDS));
        } else if (settings.holdApplication()) {
            container.put("lifecycle", map("postStart", map("exec", map("command", Containers.program("wait")))));
        }
        if (settings.statusPort() != 0) {
            container.put(
                    "readinessProbe",
                    Containers.readiness(
                            Containers.READY_PORT,
                            settings.readiness("initialDelaySeconds", "readinessInitialDelaySeconds", 1),
                            settings.readiness("periodSeconds", "readinessPeriodSeconds", 2),
                            settings.readiness("failureThreshold", "readinessFailureThreshold", 30)));
        }
        container.put("resources", settings.resources());
        container.put("securityContext", securityContext());
        container.put("volumeMounts", Containers.mounts());
        return container;
    }

    private List<String> arguments(boolean intercepts) throws ManifestException {
        List<String> arguments = new ArrayList<>(List.of("run", Containers.CONFIG_FOLDER));
        arguments.add("--intercept");
        if (!intercepts) {
            // Nothing is redirected to it: who wants the proxy asks it.
            arguments.set(arguments.size() - 1, "--outbound");
            arguments.add("127.0.0.1:15001");
        }
        if (!settings.nativeSidecar()) {
            // It is told to end with the app and with those who still send to it, and they need it for a moment more.
            arguments.add("--set");
            arguments.add(MINIMUM_DRAIN);
        }
        for (String own : settings.ownConfig().settings()) {
            arguments.add("--set");
            arguments.add(own);
        }
        // The last word is that of what the probes and the rules of the pod are made for.
        int port = settings.statusPort();
        if (port != 0 && (port != Containers.STATUS_PORT || settings.saysStatusPort())) {
            arguments.add("--set");
            arguments.add("defaultConfig.statusPort=" + port);
        }
        String mode = settings.interceptionMode();
        if (!mode.equals("REDIRECT") || settings.saysInterceptionMode()) {
            arguments.add("--set");
            arguments.add("defaultConfig.interceptionMode=" + mode);
        }
        return arguments;
    }

    private List<Object> environment() {
        List<Object> environment = new ArrayList<>();
        environment.add(Containers.field("SLUICE_NAMESPACE", "metadata.namespace"));
        environment.add(Containers.field("SLUICE_SERVICE_ACCOUNT", "spec.serviceAccountName"));
        String labels = Containers.labels(settings.labels());
        if (!labels.isEmpty()) {
            environment.add(Containers.variable("SLUICE_LABEL", labels));
        }
        if (!probes.isEmpty()) {
            environment.add(Containers.variable("SLUICE_APP_PROBES", probes));
        }
        if (!metrics.isEmpty()) {
            environment.add(Containers.variable("SLUICE_APP_METRICS", metrics));
        }
        return environment;
    }

    /** Names and numbers of Istio's, for the monitors that look for them. */
    private List<Object> ports() {
        return List.of(map("name", "http-envoy-prom", "containerPort", Containers.METRICS_PORT, "protocol", "TCP"));
    }

    /** A transparent socket is the one thing that takes a capability. */
    private Map<String, Object> securityContext() throws ManifestException {
        Map<String, Object> context = Containers.unprivileged();
        if (settings.interceptionMode().equals("TPROXY")) {
            context.put("capabilities", map("add", List.of("NET_ADMIN"), "drop", List.of("ALL")));
            context.put("runAsNonRoot", false);
            context.put("runAsUser", 0);
        }
        return context;
    }
}
