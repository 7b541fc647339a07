package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * An endpoint of a hash table and how much of the table is to be its own.
 *
 * @param endpoint a member
 * @param part of 1; the parts of a table add up to 1, or to less where a locality has nobody left
 */
record Share(Endpoint endpoint, double part) {
    /** By the weights of endpoints that are all in one place. */
    static List<Share> of(List<Endpoint> endpoints) {
        List<Share> shares = new ArrayList<>(endpoints.size());
        add(endpoints, 1, shares);
        return shares;
    }

    /**
     * By the weight of each locality, and inside it by those of its endpoints.
     *
     * @param members of each group, those that may be picked
     */
    static List<Share> of(List<Tier.Group> groups, List<List<Endpoint>> members) {
        double sum = groups.stream().mapToDouble(Tier.Group::weight).sum();
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            add(members.get(i), groups.get(i).weight() / sum, shares);
        }
        return shares;
    }

    private static void add(List<Endpoint> endpoints, double part, List<Share> shares) {
        double sum = endpoints.stream().mapToLong(Endpoint::weight).sum();
        for (Endpoint endpoint : endpoints) {
            shares.add(new Share(endpoint, endpoint.weight() * part / sum));
        }
    }
}
