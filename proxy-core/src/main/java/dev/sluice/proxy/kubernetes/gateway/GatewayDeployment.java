package dev.sluice.proxy.kubernetes.gateway;

import static dev.sluice.proxy.kubernetes.inject.Containers.map;

import dev.sluice.proxy.kubernetes.inject.Containers;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pods of a gateway. */
final class GatewayDeployment {
    private static final String CERTIFICATES = "/etc/sluice-certs";

    private final GatewaySpec gateway;
    private final ProxyValues values;
    private final String image;

    GatewayDeployment(GatewaySpec gateway, ProxyValues values, String image) {
        this.gateway = gateway;
        this.values = values;
        this.image = image;
    }

    /**
     * @param ports of the Service
     * @param configMap with the configuration
     */
    Map<String, Object> document(List<Map<String, Object>> ports, String configMap) throws ManifestException {
        Map<String, Object> spec = map();
        if (gateway.k8s().get("replicaCount") != null) {
            spec.put("replicas", gateway.k8s().get("replicaCount"));
        }
        spec.put("selector", map("matchLabels", new LinkedHashMap<>(gateway.labels())));
        spec.put("strategy", map("rollingUpdate", map("maxSurge", "100%", "maxUnavailable", "25%")));
        spec.put("template", map("metadata", podMetadata(), "spec", podSpec(ports, configMap)));
        return map(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                gateway.metadata(gateway.name()),
                "spec",
                spec);
    }

    private Map<String, Object> podMetadata() throws ManifestException {
        Map<String, Object> labels = new LinkedHashMap<>(gateway.labels());
        // It is the proxy: nobody is to put one beside it.
        labels.put("sidecar.istio.io/inject", "false");
        Map<String, Object> annotations = map(
                "prometheus.io/path",
                "/stats/prometheus",
                "prometheus.io/port",
                "" + values.statusPort(),
                "prometheus.io/scrape",
                "true");
        annotations.putAll(gateway.k8s("podAnnotations"));
        return map("labels", labels, "annotations", annotations);
    }

    private Map<String, Object> podSpec(List<Map<String, Object>> ports, String configMap) throws ManifestException {
        Map<String, Object> spec = map("serviceAccountName", gateway.name() + "-service-account");
        // Ports below 1024 without a capability: the namespace is the pod's own.
        spec.put(
                "securityContext",
                map("sysctls", List.of(map("name", "net.ipv4.ip_unprivileged_port_start", "value", "0"))));
        if (!gateway.k8s("nodeSelector").isEmpty()) {
            spec.put("nodeSelector", gateway.k8s("nodeSelector"));
        }
        for (String list : List.of("tolerations", "topologySpreadConstraints")) {
            if (!gateway.k8sList(list).isEmpty()) {
                spec.put(list, gateway.k8sList(list));
            }
        }
        if (!gateway.k8s("affinity").isEmpty()) {
            spec.put("affinity", gateway.k8s("affinity"));
        }
        spec.put("containers", List.of(container(ports)));
        List<Object> volumes = new ArrayList<>(Containers.volumes(configMap));
        for (Map<?, ?> secret : secrets()) {
            volumes.add(map(
                    "name",
                    String.valueOf(secret.get("name")),
                    "secret",
                    map("secretName", String.valueOf(secret.get("secretName")), "optional", true)));
        }
        spec.put("volumes", volumes);
        return spec;
    }

    private Map<String, Object> container(List<Map<String, Object>> ports) throws ManifestException {
        Map<String, Object> container = map("name", Containers.PROXY, "image", image);
        if (!values.pullPolicy().isEmpty()) {
            container.put("imagePullPolicy", values.pullPolicy());
        }
        List<String> arguments = new ArrayList<>(List.of("run", Containers.CONFIG_FOLDER, "--status"));
        if (!secrets().isEmpty()) {
            arguments.addAll(List.of("--certs", CERTIFICATES));
        }
        container.put("args", arguments);
        container.put("env", environment());
        List<Object> containerPorts = new ArrayList<>();
        for (Map<String, Object> port : ports) {
            Object target = port.getOrDefault("targetPort", port.getOrDefault("port", ""));
            containerPorts.add(map("containerPort", target, "protocol", port.getOrDefault("protocol", "TCP")));
        }
        containerPorts.add(map("name", "http-envoy-prom", "containerPort", Containers.METRICS_PORT, "protocol", "TCP"));
        container.put("ports", containerPorts);
        container.put(
                "readinessProbe",
                Containers.readiness(
                        Containers.READY_PORT,
                        values.number("readinessInitialDelaySeconds", 1),
                        values.number("readinessPeriodSeconds", 2),
                        values.number("readinessFailureThreshold", 30)));
        Map<String, Object> resources = gateway.k8s("resources");
        container.put("resources", resources.isEmpty() ? values.resources() : resources);
        container.put("securityContext", Containers.unprivileged());
        container.put("volumeMounts", mounts());
        return container;
    }

    private List<Object> environment() {
        List<Object> environment = new ArrayList<>();
        environment.add(Containers.field("SLUICE_NAMESPACE", "metadata.namespace"));
        environment.add(Containers.field("SLUICE_SERVICE_ACCOUNT", "spec.serviceAccountName"));
        environment.add(Containers.variable("SLUICE_LABEL", Containers.labels(gateway.labels())));
        gateway.valueMap("env").forEach((name, value) -> environment.add(Containers.variable(name, "" + value)));
        environment.addAll(gateway.k8sList("env"));
        return environment;
    }

    /** A secret is found by its name below {@code --certs}, as {@code credentialName} says it. */
    private List<Object> mounts() {
        List<Object> mounts = new ArrayList<>(Containers.mounts());
        for (Map<?, ?> secret : secrets()) {
            mounts.add(map(
                    "name",
                    String.valueOf(secret.get("name")),
                    "mountPath",
                    CERTIFICATES + "/" + secret.get("secretName"),
                    "readOnly",
                    true));
        }
        return mounts;
    }

    private List<Map<?, ?>> secrets() {
        List<Map<?, ?>> secrets = new ArrayList<>();
        for (Object volume : gateway.valueList("secretVolumes")) {
            if (volume instanceof Map<?, ?> secret && secret.get("name") != null && secret.get("secretName") != null) {
                secrets.add(secret);
            }
        }
        return secrets;
    }
}
