package dev.sluice.proxy.balance.selector;

import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How far an endpoint is from the proxy, 0 being the nearest (spec/istio-fields.md §2.4: failover, failoverPriority). Ranks
 * may have gaps. Pure.
 */
public final class LocalityRank {
    private static final String NETWORK = "topology.istio.io/network";
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";
    private static final int RANKS_BY_PLACE = 5;

    private final Locality own;
    private final Map<String, String> failover;
    private final List<Wanted> labels;

    /** A label, and the value that a near endpoint has. */
    private record Wanted(String label, String value) {}

    /** @param plan says where the proxy is */
    public LocalityRank(LocalityPlan plan) {
        this.own = Locality.of(plan.own());
        this.failover = plan.failover();
        // Of a proxy without labels nothing can be near by its labels.
        boolean comparable = !plan.ownLabels().isEmpty()
                || !plan.own().isEmpty()
                || plan.failoverPriority().stream().anyMatch(entry -> entry.indexOf('=') >= 0);
        this.labels = comparable
                ? plan.failoverPriority().stream()
                        .map(entry -> wanted(entry, plan.ownLabels()))
                        .toList()
                : List.of();
    }

    private Wanted wanted(String entry, Map<String, String> ownLabels) {
        int equals = entry.indexOf('=');
        return equals < 0
                ? new Wanted(entry, value(entry, ownLabels, own))
                : new Wanted(entry.substring(0, equals), entry.substring(equals + 1));
    }

    /** The rank of {@code endpoint}. */
    public int of(Endpoint endpoint) {
        Locality place = Locality.of(Objects.requireNonNullElse(endpoint.locality(), ""));
        if (labels.isEmpty()) {
            return byPlace(place);
        }
        int byLabels = byLabels(endpoint, place);
        return failover.isEmpty() ? byLabels : byLabels * RANKS_BY_PLACE + byPlace(place);
    }

    private int byPlace(Locality place) {
        if (place.region().equals(own.region())) {
            boolean sameZone = place.zone().equals(own.zone());
            return !sameZone ? 2 : place.subzone().equals(own.subzone()) ? 0 : 1;
        }
        String to = failover.get(own.region());
        return to == null || to.equals(place.region()) ? 3 : 4;
    }

    private int byLabels(Endpoint endpoint, Locality place) {
        int count = labels.size();
        int otherNetwork = 0;
        for (int i = 0; i < count; i++) {
            Wanted wanted = labels.get(i);
            if (wanted.value.equals(value(wanted.label, endpoint.labels(), place))) {
                continue;
            }
            if (i == 0 && wanted.label.equals(NETWORK)) {
                // Across networks the other labels still count, behind all of the own network.
                otherNetwork = count;
            } else {
                return count - i + otherNetwork;
            }
        }
        return otherNetwork;
    }

    /** A label; those of the place are known from the locality too, as Istio adds them to every workload. */
    private static String value(String label, Map<String, String> labels, Locality place) {
        String value = labels.get(label);
        if (value != null) {
            return value;
        }
        return switch (label) {
            case REGION -> place.region();
            case ZONE -> place.zone();
            case SUBZONE -> place.subzone();
            default -> "";
        };
    }
}
