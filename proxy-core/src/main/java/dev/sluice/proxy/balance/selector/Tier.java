package dev.sluice.proxy.balance.selector;

import dev.sluice.config.plan.policy.BalancePlan.DistributePlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One priority of a cluster: its endpoints by where they are (spec/istio-fields.md §2.4). Immutable.
 *
 * @param groups endpoints of one locality each; a single one where locality plays no part
 */
record Tier(List<Group> groups) {
    /**
     * Endpoints of one locality.
     *
     * @param weight of the locality against the others of its tier
     * @param members at least one, save in the only group of an empty cluster
     */
    record Group(double weight, List<Endpoint> members) {
        Group {
            members = List.copyOf(members);
        }

        /** Those that may be picked outside panic. */
        List<Endpoint> healthy() {
            return members.stream()
                    .filter(endpoint -> endpoint.health().isUsable())
                    .toList();
        }
    }

    Tier {
        groups = List.copyOf(groups);
    }

    /** Number of endpoints. */
    int total() {
        return groups.stream().mapToInt(group -> group.members().size()).sum();
    }

    /** Number of endpoints that may be picked outside panic. */
    int healthy() {
        return groups.stream().mapToInt(group -> group.healthy().size()).sum();
    }

    boolean contains(Endpoint endpoint) {
        return groups.stream().anyMatch(group -> group.members().contains(endpoint));
    }

    /** The tiers of a cluster with these members, the one to be used first in front; at least one. */
    static List<Tier> of(List<Endpoint> members, @Nullable LocalityPlan plan) {
        if (plan == null || members.isEmpty()) {
            return List.of(new Tier(List.of(new Group(1, members))));
        }
        if (!plan.distribute().isEmpty()) {
            return List.of(new Tier(distributed(groups(members), plan)));
        }
        LocalityRank rank = new LocalityRank(plan);
        Map<Integer, List<Endpoint>> byRank = new TreeMap<>();
        for (Endpoint member : members) {
            byRank.computeIfAbsent(rank.of(member), key -> new ArrayList<>()).add(member);
        }
        return byRank.values().stream()
                .map(ranked -> new Tier(List.copyOf(groups(ranked).values())))
                .toList();
    }

    /** By locality in order of appearance, weighing as much as its endpoints together. */
    private static Map<String, Group> groups(List<Endpoint> members) {
        Map<String, List<Endpoint>> byLocality = new LinkedHashMap<>();
        for (Endpoint member : members) {
            String locality = member.locality() == null ? "" : member.locality();
            byLocality.computeIfAbsent(locality, key -> new ArrayList<>()).add(member);
        }
        Map<String, Group> groups = new LinkedHashMap<>();
        byLocality.forEach((locality, inside) -> {
            double weight = inside.stream().mapToLong(Endpoint::weight).sum();
            groups.put(locality, new Group(weight, inside));
        });
        return groups;
    }

    /** By the entry that holds for the proxy; its localities get their weights, others nothing. */
    private static List<Group> distributed(Map<String, Group> groups, LocalityPlan plan) {
        DistributePlan entry = Distribution.of(plan);
        return entry == null ? List.copyOf(groups.values()) : distributed(groups, entry.to());
    }

    private static List<Group> distributed(Map<String, Group> groups, Map<String, Integer> to) {
        Map<String, Group> left = new LinkedHashMap<>(groups);
        List<Group> weighted = new ArrayList<>();
        to.forEach((pattern, weight) -> {
            Map<String, Group> matched = new LinkedHashMap<>(left);
            matched.keySet().removeIf(locality -> !Locality.matches(pattern, locality));
            left.keySet().removeAll(matched.keySet());
            double sum = matched.values().stream().mapToDouble(Group::weight).sum();
            for (Group group : matched.values()) {
                weighted.add(new Group(Math.ceil(group.weight() * weight / sum), group.members()));
            }
        });
        return weighted;
    }
}
