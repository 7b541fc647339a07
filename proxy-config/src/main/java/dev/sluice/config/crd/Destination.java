package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import org.jspecify.annotations.Nullable;

/** Where requests go: a host of the registry, a subset of it, a port of it (spec §1.3). */
public record Destination(MapNode at, @Nullable String host, @Nullable String subset, @Nullable PortSelector port) {
    static Rules rules() {
        return new Rules().required("host");
    }

    /** A port by its number. */
    public record PortSelector(MapNode at, @Nullable Long number) {}
}
