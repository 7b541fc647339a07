package dev.sluice.proxy.kubernetes.gateway;

import static dev.sluice.proxy.kubernetes.inject.Containers.map;

import dev.sluice.proxy.kubernetes.ConfigFiles;
import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.Node;

/** The objects of all gateways that a profile enables. */
public final class GatewayManifests {
    private static final String MESH_FILE = "mesh.yaml";

    private final ProfileTree tree;
    private final ProxyValues values;
    private final String image;

    /** @param image of the proxies; empty: the profile's */
    public GatewayManifests(ProfileTree tree, String image) {
        this.tree = tree;
        this.values = new ProxyValues(tree);
        this.image = image.isEmpty() ? values.image() : image;
    }

    /**
     * The documents, gateway by gateway: ServiceAccount, ConfigMap, Deployment, Service, and a budget and an autoscaler where
     * the profile has them. Empty when no gateway is enabled.
     *
     * @param files configuration, by the key that each gets in the ConfigMap
     */
    public String generate(Map<String, String> files) throws ManifestException {
        Map<String, String> all = new TreeMap<>(files);
        Map<?, ?> mesh = tree.map("meshConfig");
        if (!mesh.isEmpty()) {
            all.putIfAbsent(MESH_FILE, YamlText.write(List.of(YamlText.node(ProxyValues.copy(mesh)))));
        }
        List<Node> documents = new ArrayList<>();
        for (GatewaySpec gateway : GatewaySpec.of(tree)) {
            for (Map<String, Object> document : documents(gateway, all)) {
                documents.add(YamlText.node(document));
            }
        }
        return YamlText.write(documents);
    }

    private List<Map<String, Object>> documents(GatewaySpec gateway, Map<String, String> files)
            throws ManifestException {
        List<Map<String, Object>> documents = new ArrayList<>();
        String account = gateway.name() + "-service-account";
        documents.add(map("apiVersion", "v1", "kind", "ServiceAccount", "metadata", gateway.metadata(account)));
        String configMap = gateway.name() + "-config";
        if (!Boolean.parseBoolean(tree.text("false", "values", "global", "externalConfig"))) {
            documents.add(ConfigFiles.configMap(gateway.metadata(configMap), files));
        }
        List<Map<String, Object>> ports = new GatewayPorts(gateway).service(files);
        documents.add(new GatewayDeployment(gateway, values, image).document(ports, configMap));
        documents.add(service(gateway, ports));
        if (Boolean.parseBoolean(tree.text("false", "values", "global", "defaultPodDisruptionBudget", "enabled"))) {
            documents.add(map(
                    "apiVersion",
                    "policy/v1",
                    "kind",
                    "PodDisruptionBudget",
                    "metadata",
                    gateway.metadata(gateway.name()),
                    "spec",
                    map("minAvailable", 1, "selector", map("matchLabels", new LinkedHashMap<>(gateway.labels())))));
        }
        if (Boolean.parseBoolean(gateway.value("autoscaleEnabled", "false"))) {
            documents.add(autoscaler(gateway));
        }
        return documents;
    }

    private static Map<String, Object> service(GatewaySpec gateway, List<Map<String, Object>> ports) {
        Map<String, Object> metadata = gateway.metadata(gateway.name());
        Map<String, Object> annotations = new LinkedHashMap<>(gateway.valueMap("serviceAnnotations"));
        annotations.putAll(gateway.k8s("serviceAnnotations"));
        if (!annotations.isEmpty()) {
            metadata.put("annotations", annotations);
        }
        Map<String, Object> spec = map("type", gateway.value("type", "ClusterIP"));
        spec.putAll(gateway.k8s("service"));
        spec.put("ports", ports);
        spec.put("selector", new LinkedHashMap<>(gateway.labels()));
        return map("apiVersion", "v1", "kind", "Service", "metadata", metadata, "spec", spec);
    }

    private static Map<String, Object> autoscaler(GatewaySpec gateway) throws ManifestException {
        int least = number(gateway, "autoscaleMin", 1);
        int most = number(gateway, "autoscaleMax", 5);
        if (most < least) {
            throw new ManifestException("values.gateways." + gateway.name() + ".autoscaleMax: " + most
                    + " is less than autoscaleMin, " + least);
        }
        Map<String, Object> spec = map(
                "minReplicas",
                least,
                "maxReplicas",
                most,
                "metrics",
                List.of(map(
                        "type",
                        "Resource",
                        "resource",
                        map("name", "cpu", "target", map("type", "Utilization", "averageUtilization", 80)))));
        spec.putAll(gateway.k8s("hpaSpec"));
        spec.put("scaleTargetRef", map("apiVersion", "apps/v1", "kind", "Deployment", "name", gateway.name()));
        return map(
                "apiVersion",
                "autoscaling/v2",
                "kind",
                "HorizontalPodAutoscaler",
                "metadata",
                gateway.metadata(gateway.name()),
                "spec",
                spec);
    }

    private static int number(GatewaySpec gateway, String key, int otherwise) throws ManifestException {
        String text = gateway.value(key, "" + otherwise);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ManifestException(
                    "values.gateways." + gateway.name() + "." + key + ": '" + text + "' is no number");
        }
    }
}
