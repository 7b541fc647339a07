package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' Secret: read for certificates.
 *
 * @param data values in base64
 * @param stringData values in clear; they win over {@code data}
 */
public record KubeSecret(
        MapNode at,
        Metadata metadata,
        @Nullable String type,
        Map<String, String> data,
        Map<String, String> stringData,
        @Nullable Boolean immutable)
        implements CrdObject {
    static Rules rules() {
        return new Rules().base64("data");
    }

    @Override
    public String kind() {
        return "Secret";
    }

    @Override
    public String root() {
        return "";
    }

    /** The bytes under {@code key}, or null. */
    public byte @Nullable [] value(String key) {
        String clear = stringData.get(key);
        if (clear != null) {
            return clear.getBytes(StandardCharsets.UTF_8);
        }
        String encoded = data.get(key);
        return encoded == null ? null : java.util.Base64.getMimeDecoder().decode(encoded);
    }

    /** Without the values: a log line must not carry a key. */
    @Override
    public String toString() {
        return "Secret " + metadata.id() + " " + data.keySet() + stringData.keySet();
    }
}
