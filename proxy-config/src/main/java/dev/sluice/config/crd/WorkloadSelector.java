package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Size;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;

/** Chooses workloads by labels: ServiceEntry's and Sidecar's form. */
public record WorkloadSelector(MapNode at, @Size(max = 256) Map<String, String> labels) {}
