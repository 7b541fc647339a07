package dev.sluice.proxy.cluster;

import java.util.List;

/**
 * The members of a cluster at one time. Immutable; a change of members, weights or health makes a new one, so identity
 * tells a balancer whether to rebuild.
 *
 * @param all every member
 * @param healthy those that may be picked outside panic
 */
public record EndpointSet(List<Endpoint> all, List<Endpoint> healthy) {
    /** No members. */
    public static final EndpointSet EMPTY = new EndpointSet(List.of(), List.of());

    public EndpointSet {
        all = List.copyOf(all);
        healthy = List.copyOf(healthy);
    }

    /** These members, by their health of this moment. */
    static EndpointSet of(List<Endpoint> members) {
        return new EndpointSet(
                members,
                members.stream()
                        .filter(endpoint -> endpoint.health().isUsable())
                        .toList());
    }
}
