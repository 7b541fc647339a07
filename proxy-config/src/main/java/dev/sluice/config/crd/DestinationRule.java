package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's DestinationRule (spec §2): policies of a host, after routing has chosen it. */
public record DestinationRule(
        MapNode at,
        Metadata metadata,
        @Nullable String host,
        @Nullable TrafficPolicy trafficPolicy,
        List<Subset> subsets,
        List<String> exportTo,
        @Nullable PolicySelector workloadSelector)
        implements CrdObject {
    static Rules rules() {
        return new Rules().required("host");
    }

    @Override
    public String kind() {
        return "DestinationRule";
    }

    /** The endpoints that carry all of these labels, under a name that routes use. */
    public record Subset(
            MapNode at, @Nullable String name, Map<String, String> labels, @Nullable TrafficPolicy trafficPolicy) {
        static Rules rules() {
            return new Rules().required("name");
        }
    }

    /** The workloads (clients, here) that a policy is for. */
    public record PolicySelector(MapNode at, Map<String, String> matchLabels) {
        static Rules rules() {
            return new Rules().size("matchLabels", 0, 4096);
        }
    }
}
