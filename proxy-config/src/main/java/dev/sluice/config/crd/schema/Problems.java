package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.tree.Location;

/** Takes what a binder finds wrong. */
@FunctionalInterface
public interface Problems {
    /**
     * One thing wrong.
     *
     * @param at where
     * @param path the same inside the document, such as {@code spec.http[0].timeout}
     * @param message what, without place and path
     */
    void error(Location at, String path, String message);
}
