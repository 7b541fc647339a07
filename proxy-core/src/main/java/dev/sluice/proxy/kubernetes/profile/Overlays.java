package dev.sluice.proxy.kubernetes.profile;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.Map;

/** IstioOperator documents. */
final class Overlays {
    static final String API_VERSION = "install.istio.io/v1alpha1";
    static final String KIND = "IstioOperator";

    private Overlays() {}

    /** The {@code spec} of a document; {@link ManifestException} if it is of another kind. */
    static Map<String, Object> spec(String name, String text) throws ManifestException {
        Map<String, Object> document = YamlText.values(name, text);
        if (!API_VERSION.equals(document.get("apiVersion")) || !KIND.equals(document.get("kind"))) {
            throw new ManifestException(name + ": not an IstioOperator of " + API_VERSION);
        }
        Object spec = document.get("spec");
        if (spec == null) {
            return Map.of();
        }
        if (spec instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
            @SuppressWarnings("unchecked") // all keys were looked at
            Map<String, Object> typed = (Map<String, Object>) map;
            return typed;
        }
        throw new ManifestException(name + ": spec is no map of keys and values");
    }
}
