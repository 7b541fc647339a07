package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who an object is.
 *
 * @param at the {@code metadata} mapping; the document's where it has none
 * @param name empty only for an IstioOperator, which needs none
 * @param namespace {@code default} where the document names none
 * @param labels in the order of writing
 * @param annotations in the order of writing; {@code sluice.dev/…} are Sluice's own settings
 */
public record Metadata(
        MapNode at, String name, String namespace, Map<String, String> labels, Map<String, String> annotations) {
    /** The value of an annotation, or null. */
    public @Nullable String annotation(String key) {
        return annotations.get(key);
    }

    /** {@code namespace/name}. */
    public String id() {
        return namespace + "/" + name;
    }
}
