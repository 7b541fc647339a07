package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Required;
import dev.sluice.config.crd.schema.Size;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's DestinationRule (spec §2): policies of a host, after routing has chosen it. */
public record DestinationRule(
        MapNode at,
        Metadata metadata,
        @Required @Nullable String host,
        @Nullable TrafficPolicy trafficPolicy,
        List<Subset> subsets,
        List<String> exportTo,
        @Nullable PolicySelector workloadSelector)
        implements CrdObject {
    @Override
    public String kind() {
        return "DestinationRule";
    }

    /** The endpoints that carry all of these labels, under a name that routes use. */
    public record Subset(
            MapNode at,
            @Required @Nullable String name,
            Map<String, String> labels,
            @Nullable TrafficPolicy trafficPolicy) {}

    /** The workloads (clients, here) that a policy is for. */
    public record PolicySelector(MapNode at, @Size(max = 4096) Map<String, String> matchLabels) {}
}
