package dev.sluice.config.crd.read;

import dev.sluice.config.crd.schema.CrdObject;

/**
 * An object that a file holds.
 *
 * @param object its record; where {@code valid} is false it has gaps, and serves further findings only
 * @param valid whether nothing in its document is wrong
 */
public record ReadObject(CrdObject object, boolean valid) {
    /** Kind, namespace and name: what makes two objects the same. */
    public record Id(String kind, String namespace, String name) {
        @Override
        public String toString() {
            return namespace.isEmpty() && name.isEmpty() ? kind : kind + " " + namespace + "/" + name;
        }
    }

    /** The object's identity. */
    public Id id() {
        return new Id(
                object.kind(), object.metadata().namespace(), object.metadata().name());
    }
}
