package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's own ProxyConfig, the annotation {@code proxy.istio.io/config}: it lies over the mesh's {@code defaultConfig}. */
final class OwnProxyConfig {
    private static final String ANNOTATION = "proxy.istio.io/config";
    private static final String BASE = "defaultConfig";

    private final Map<String, Object> values;

    private OwnProxyConfig(Map<String, Object> values) {
        this.values = values;
    }

    static OwnProxyConfig of(Map<String, String> annotations) throws ManifestException {
        String text = annotations.get(ANNOTATION);
        OwnProxyConfig config = new OwnProxyConfig(text == null ? Map.of() : YamlText.values(ANNOTATION, text));
        // What the proxy refuses would have the pod begin again for ever.
        for (Finding finding : MeshOverrides.parse(config.settings()).findings()) {
            throw new ManifestException(ANNOTATION + ": " + finding.message());
        }
        return config;
    }

    /** A field as text; null where it is not there. */
    @Nullable
    String text(String key) {
        Object value = values.get(key);
        return value == null ? null : value.toString();
    }

    /** Every field as {@code --set} takes it: {@code defaultConfig.drainDuration=30s}. */
    List<String> settings() throws ManifestException {
        List<String> settings = new ArrayList<>();
        collect(BASE, values, settings);
        return settings;
    }

    private static void collect(String path, Object value, List<String> settings) throws ManifestException {
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key =
                        String.valueOf(entry.getKey()).replace("\\", "\\\\").replace(".", "\\.");
                collect(path + "." + key, entry.getValue() == null ? "" : entry.getValue(), settings);
            }
        } else if (value instanceof List<?> list) {
            settings.add(path + "=" + list(path, list));
        } else {
            settings.add(path + "=" + value);
        }
    }

    private static String list(String path, List<?> list) throws ManifestException {
        List<String> items = new ArrayList<>();
        for (Object item : list) {
            String text = String.valueOf(item);
            if (item instanceof Map<?, ?> || item instanceof List<?> || text.indexOf(',') >= 0) {
                throw new ManifestException(
                        ANNOTATION + ": " + path.substring(BASE.length() + 1) + " is no list of plain values");
            }
            items.add(text);
        }
        return "{" + String.join(",", items) + "}";
    }
}
