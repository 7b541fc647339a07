package dev.sluice.proxy.kubernetes.gateway;

import com.google.re2j.Pattern;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.proxy.kubernetes.inject.Amounts;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a gateway's component that would come out as objects that Kubernetes does not take, or that says something in a
 * field that there is not: nobody would know.
 */
final class ComponentCheck {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    /** Of Istio's GatewaySpec. */
    private static final List<String> FIELDS = List.of("enabled", "namespace", "name", "label", "hub", "tag", "k8s");
    /** Of Istio's KubernetesResourcesConfig. */
    private static final List<String> K8S = List.of(
            "affinity",
            "env",
            "hpaSpec",
            "imagePullPolicy",
            "nodeSelector",
            "overlays",
            "podAnnotations",
            "podDisruptionBudget",
            "podSecurityContext",
            "priorityClassName",
            "readinessProbe",
            "replicaCount",
            "resources",
            "securityContext",
            "service",
            "serviceAnnotations",
            "strategy",
            "tolerations",
            "topologySpreadConstraints",
            "volumeMounts",
            "volumes");

    private static final Set<String> SERVICES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");

    private final String place;

    /** @param place of the component or of its values, for messages: {@code components.ingressGateways[0]} */
    ComponentCheck(String place) {
        this.place = place;
    }

    /** Whether the component is enabled, its fields being those that there are. */
    boolean enabled(Map<?, ?> component) throws ManifestException {
        known(component, FIELDS, "");
        Object enabled = component.get("enabled");
        if (enabled == null || enabled.toString().isEmpty()) {
            return false;
        }
        if (!Set.of("true", "false").contains(enabled.toString())) {
            throw refused("enabled", "'" + enabled + "' is neither true nor false");
        }
        return Boolean.parseBoolean(enabled.toString());
    }

    /** A name that objects may have. */
    String name(String field, String name) throws ManifestException {
        if (!NAME.matches(name)) {
            throw refused(field, "'" + name + "' is no name: small letters, digits and - inside, at most 63");
        }
        return name;
    }

    /** The component's {@code k8s}; empty where there is none. */
    Map<?, ?> k8s(@Nullable Object value) throws ManifestException {
        if (value == null || value.toString().isEmpty()) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> k8s)) {
            throw refused("k8s", "'" + value + "' is no map");
        }
        known(k8s, K8S, "k8s.");
        for (String texts : List.of("podAnnotations", "serviceAnnotations", "nodeSelector")) {
            texts("k8s." + texts, k8s.get(texts));
        }
        if (k8s.get("replicaCount") != null) {
            within("k8s.replicaCount", k8s.get("replicaCount"), 0, Integer.MAX_VALUE);
        }
        if (k8s.get("resources") instanceof Map<?, ?> resources) {
            Amounts.checked(place + ".k8s.resources.", ProxyValues.copy(resources));
        }
        if (k8s.get("service") instanceof Map<?, ?> service) {
            service(service);
        }
        if (k8s.get("env") instanceof List<?> variables) {
            for (Object variable : variables) {
                variable(variable);
            }
        }
        return k8s;
    }

    private void service(Map<?, ?> service) throws ManifestException {
        if (service.get("type") != null) {
            serviceType("k8s.service.type", service.get("type"));
        }
        if (service.get("ports") instanceof List<?> ports) {
            for (Object port : ports) {
                if (!(port instanceof Map<?, ?> map)) {
                    throw refused("k8s.service.ports", "'" + port + "' is no port");
                }
                within("k8s.service.ports.port", map.get("port"), 1, 65_535);
            }
        }
    }

    /** A Service is of one of these types. */
    void serviceType(String field, @Nullable Object type) throws ManifestException {
        if (!SERVICES.contains(String.valueOf(type))) {
            throw refused(field, "'" + type + "' is not one of ClusterIP, NodePort, LoadBalancer, ExternalName");
        }
    }

    private void variable(@Nullable Object variable) throws ManifestException {
        if (!(variable instanceof Map<?, ?> map) || !(map.get("name") instanceof String)) {
            throw refused("k8s.env", "'" + variable + "' is no variable with a name");
        }
        Object value = map.get("value");
        if (value != null && !(value instanceof String)) {
            throw refused("k8s.env: " + map.get("name"), notText(value));
        }
    }

    /** What is in a map is all text. */
    void texts(String field, @Nullable Object value) throws ManifestException {
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getValue() instanceof String)) {
                    throw refused(field + "." + entry.getKey(), notText(entry.getValue()));
                }
            }
        }
    }

    private static String notText(@Nullable Object value) {
        return "must be a string, not " + value + "; put it in quotes";
    }

    private void within(String field, @Nullable Object value, int least, int most) throws ManifestException {
        if (!(value instanceof Integer number) || number < least || number > most) {
            throw refused(field, "'" + value + "' is not one of " + least + " to " + most);
        }
    }

    private void known(Map<?, ?> map, List<String> fields, String prefix) throws ManifestException {
        for (Object key : map.keySet()) {
            if (!fields.contains(String.valueOf(key))) {
                String near = NearestName.among(fields, String.valueOf(key));
                throw refused(prefix + key, "unknown field" + (near == null ? "" : "; did you mean \"" + near + "\"?"));
            }
        }
    }

    private ManifestException refused(String field, String why) {
        return new ManifestException(place + "." + field + ": " + why);
    }
}
