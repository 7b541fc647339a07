package dev.sluice.config.crd.schema;

import org.jspecify.annotations.Nullable;

/** Kubernetes' either-or of a number and a name; exactly one is set. */
public record IntOrString(@Nullable Integer number, @Nullable String name) {}
