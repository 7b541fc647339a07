package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;

/** Chooses workloads by labels: ServiceEntry's and Sidecar's form. */
public record WorkloadSelector(MapNode at, Map<String, String> labels) {
    static Rules rules() {
        return new Rules().size("labels", 0, 256);
    }
}
