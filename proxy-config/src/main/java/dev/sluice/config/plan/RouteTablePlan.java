package dev.sluice.config.plan;

import java.util.List;

/**
 * Virtual hosts of a listener and what happens to a host that none of them takes.
 *
 * @param name such as {@code http.8080}
 * @param hosts each domain belongs to at most one of them
 * @param unknownHost for a request whose host no domain covers
 */
public record RouteTablePlan(String name, List<VirtualHostPlan> hosts, UnknownHost unknownHost) {
    public RouteTablePlan {
        hosts = List.copyOf(hosts);
    }

    /** What happens to a host without a virtual host. */
    public enum UnknownHost {
        /** 404 NO_ROUTE: gateways and ingress. */
        NOT_FOUND,
        /** ALLOW_ANY: the authority is resolved and the request passed through, no retries, no timeout. */
        PASS_THROUGH,
        /** REGISTRY_ONLY: 502 with an empty body. */
        BLACK_HOLE
    }
}
