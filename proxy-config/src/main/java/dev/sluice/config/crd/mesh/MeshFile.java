package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.tree.MapNode;

/**
 * A file named {@code mesh.yaml}: a MeshConfig without an envelope.
 *
 * @param at the document
 * @param metadata without name and namespace, for such a file has none
 */
public record MeshFile(MapNode at, Metadata metadata, MeshConfig config) implements CrdObject {
    @Override
    public String kind() {
        return "MeshConfig";
    }

    @Override
    public String root() {
        return "";
    }
}
