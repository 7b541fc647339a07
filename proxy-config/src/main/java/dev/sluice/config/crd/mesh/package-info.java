/**
 * Step: part of the first of the configuration path. In: {@code mesh.yaml}, IstioOperator documents and {@code --set}.
 * Out: one MeshConfig. Thread: any, everything is immutable.
 */
@NullMarked
package dev.sluice.config.crd.mesh;

import org.jspecify.annotations.NullMarked;
