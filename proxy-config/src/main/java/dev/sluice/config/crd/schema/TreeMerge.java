package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.schema.RecordSchema.Field;
import dev.sluice.config.crd.schema.RecordSchema.Kind;
import dev.sluice.config.crd.schema.RecordSchema.Shape;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import org.jspecify.annotations.Nullable;

/**
 * Lays one tree over another as Istio does it with MeshConfig: objects key by key, everything else (lists too) whole. A
 * field keeps the name that its record has, so that the proto spelling below and the JSON spelling above are one field.
 */
public final class TreeMerge {
    private TreeMerge() {}

    /** {@code over} laid over {@code under}, both trees of this record. Nodes keep their places. */
    public static MapNode merge(Class<? extends Record> type, MapNode under, MapNode over) {
        return merge(RecordSchema.of(type), under, over);
    }

    /** The same of trees of no record: keys are what is written. */
    public static MapNode merge(MapNode under, MapNode over) {
        return merge((RecordSchema) null, under, over);
    }

    private static MapNode merge(@Nullable RecordSchema schema, MapNode under, MapNode over) {
        MapNode below = canonical(schema, under);
        MapNode above = canonical(schema, over);
        MapNode.Builder merged = new MapNode.Builder(above.location());
        for (int i = 0; i < above.size(); i++) {
            String key = above.key(i);
            Node value = above.value(i);
            if (value instanceof MapNode upper && below.get(key) instanceof MapNode lower) {
                value = merge(schemaOf(schema, key), lower, upper);
            }
            Location at = above.keyLocation(i);
            merged.put(key, at.line(), at.column(), value);
        }
        return merged.putMissing(below).build();
    }

    private static MapNode canonical(@Nullable RecordSchema schema, MapNode node) {
        if (schema == null) {
            return node;
        }
        MapNode.Builder renamed = new MapNode.Builder(node.location());
        for (int i = 0; i < node.size(); i++) {
            Field field = schema.field(node.key(i), true);
            Location at = node.keyLocation(i);
            renamed.put(field == null ? node.key(i) : field.name(), at.line(), at.column(), node.value(i));
        }
        return renamed.build();
    }

    private static @Nullable RecordSchema schemaOf(@Nullable RecordSchema schema, String key) {
        Field field = schema == null ? null : schema.field(key, true);
        if (field == null || field.kind() != Kind.RECORD || field.shape() != Shape.ONE) {
            return null;
        }
        return RecordSchema.of(field.raw());
    }
}
