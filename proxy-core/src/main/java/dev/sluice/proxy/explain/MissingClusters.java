package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ProxyPlan;
import java.util.Collection;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says of a destination for which there is no cluster what is not there: its host, its port or its subset. */
final class MissingClusters {
    private final ProxyPlan plan;
    private final HiddenHosts hidden;

    MissingClusters(ProxyPlan plan, HiddenHosts hidden) {
        this.plan = plan;
        this.hidden = hidden;
    }

    /** @param key of no cluster of the plan */
    String why(ClusterKey key) {
        // A host that is seen and named by a route has a cluster for each of its ports and subsets.
        TreeSet<Integer> ports = new TreeSet<>();
        TreeSet<String> subsets = new TreeSet<>();
        for (ClusterKey there : plan.clusters().keySet()) {
            if (there.host().equals(key.host())) {
                ports.add(there.port());
                if (there.subset() != null) {
                    subsets.add(there.subset());
                }
            }
        }
        if (ports.isEmpty()) {
            String why = hidden.why(key.host());
            return why == null ? "nobody declares the host" : "the host is hidden: " + why;
        }
        return ports.contains(key.port())
                ? "no DestinationRule in force names subset " + key.subset() + there("; it has ", subsets)
                : "the host has no port " + key.port() + there("; it has ", ports);
    }

    private static String there(String words, Collection<?> values) {
        return values.isEmpty()
                ? ""
                : words + values.stream().map(Objects::toString).collect(Collectors.joining(", "));
    }
}
