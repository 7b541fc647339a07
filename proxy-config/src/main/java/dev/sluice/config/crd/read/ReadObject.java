package dev.sluice.config.crd.read;

import dev.sluice.config.crd.schema.CrdObject;
import org.jspecify.annotations.Nullable;

/**
 * An object that a file holds.
 *
 * @param object its record; where {@code valid} is false it has gaps, and serves further findings only
 * @param valid whether nothing in its document is wrong
 */
public record ReadObject(CrdObject object, boolean valid) {
    /** Kind, namespace and name: what makes two objects the same. */
    public record Id(String kind, String namespace, String name) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Id id
                    && kind.equals(id.kind)
                    && namespace.equals(id.namespace)
                    && name.equals(id.name);
        }

        @Override
        public int hashCode() {
            return (kind.hashCode() * 31 + namespace.hashCode()) * 31 + name.hashCode();
        }

        @Override
        public String toString() {
            return namespace.isEmpty() && name.isEmpty() ? kind : kind + " " + namespace + "/" + name;
        }
    }

    /** The object's identity. */
    public Id id() {
        return id(object);
    }

    /** The identity of an object. */
    public static Id id(CrdObject object) {
        return new Id(
                object.kind(), object.metadata().namespace(), object.metadata().name());
    }
}
