package dev.sluice.proxy.kubernetes.gateway;

import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One gateway as the profile has it: an entry of {@code components.ingressGateways} or {@code egressGateways}, with
 * {@code values.gateways} of the same name below its own {@code k8s} settings.
 *
 * @param name of all of its objects
 * @param namespace where they are
 * @param labels of its pods; Gateways select by them
 * @param values of {@code values.gateways.NAME}
 * @param k8s of the component
 */
record GatewaySpec(String name, String namespace, Map<String, String> labels, Map<?, ?> values, Map<?, ?> k8s) {
    private static final Map<String, String> COMPONENTS =
            Map.of("ingressGateways", "istio-ingressgateway", "egressGateways", "istio-egressgateway");

    /** The enabled ones, ingress before egress. */
    static List<GatewaySpec> of(ProfileTree tree) throws ManifestException {
        List<GatewaySpec> gateways = new ArrayList<>();
        for (String component : List.of("ingressGateways", "egressGateways")) {
            Object list = tree.get("components", component);
            if (list == null || list.toString().isEmpty()) {
                continue;
            }
            if (!(list instanceof List<?> items)) {
                throw new ManifestException("components." + component + " is no list");
            }
            for (int i = 0; i < items.size(); i++) {
                String place = "components." + component + "[" + i + "]";
                if (!(items.get(i) instanceof Map<?, ?> gateway)) {
                    throw new ManifestException(place + ": '" + items.get(i) + "' is no gateway");
                }
                ComponentCheck check = new ComponentCheck(place);
                if (check.enabled(gateway)) {
                    gateways.add(one(tree, gateway, COMPONENTS.getOrDefault(component, ""), check));
                }
            }
        }
        return gateways;
    }

    private static GatewaySpec one(ProfileTree tree, Map<?, ?> gateway, String usual, ComponentCheck check)
            throws ManifestException {
        String name = check.name("name", text(gateway, "name", usual));
        String namespace = check.name(
                "namespace",
                text(gateway, "namespace", tree.text("istio-system", "values", "global", "istioNamespace")));
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("app", name);
        labels.put("istio", usual.substring("istio-".length()));
        if (gateway.get("label") instanceof Map<?, ?> own) {
            own.forEach((key, value) -> labels.put(String.valueOf(key), String.valueOf(value)));
        }
        // One with a name of its own takes the values of the usual one, as istioctl does.
        Map<?, ?> values = tree.map("values", "gateways", usual);
        ComponentCheck ofValues = new ComponentCheck("values.gateways." + usual);
        ofValues.texts("serviceAnnotations", values.get("serviceAnnotations"));
        ofValues.serviceType("type", text(values, "type", "ClusterIP"));
        return new GatewaySpec(name, namespace, labels, values, check.k8s(gateway.get("k8s")));
    }

    private static String text(Map<?, ?> map, String key, String otherwise) {
        Object value = map.get(key);
        return value == null || value.toString().isEmpty() ? otherwise : value.toString();
    }

    /** Metadata of an object of this gateway. */
    Map<String, Object> metadata(String objectName) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", objectName);
        metadata.put("namespace", namespace);
        metadata.put("labels", new LinkedHashMap<>(labels));
        return metadata;
    }

    /** {@code k8s.KEY} as a map; empty where there is none. */
    Map<String, Object> k8s(String key) {
        return k8s.get(key) instanceof Map<?, ?> map ? ProxyValues.copy(map) : Map.of();
    }

    /** {@code k8s.KEY} as a list; empty where there is none. */
    List<?> k8sList(String key) {
        return k8s.get(key) instanceof List<?> list ? list : List.of();
    }

    /** {@code values.gateways.NAME.KEY} as text. */
    String value(String key, String otherwise) {
        return text(values, key, otherwise);
    }

    /** {@code values.gateways.NAME.KEY} as a list; empty where there is none. */
    List<?> valueList(String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    /** {@code values.gateways.NAME.KEY} as a map; empty where there is none. */
    Map<String, Object> valueMap(String key) {
        return values.get(key) instanceof Map<?, ?> map ? ProxyValues.copy(map) : Map.of();
    }
}
