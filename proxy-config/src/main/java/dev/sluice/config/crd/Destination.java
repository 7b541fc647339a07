package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Required;
import dev.sluice.config.crd.tree.MapNode;
import org.jspecify.annotations.Nullable;

/** Where requests go: a host of the registry, a subset of it, a port of it (spec §1.3). */
public record Destination(
        MapNode at, @Required @Nullable String host, @Nullable String subset, @Nullable PortSelector port) {
    /** A port by its number. */
    public record PortSelector(MapNode at, @Nullable Long number) {}
}
