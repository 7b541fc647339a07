package dev.sluice.config.plan;

import java.util.List;

/**
 * Routes of a set of domains, tried in order; there is no fallback to a less specific virtual host.
 *
 * <p>A domain is a name or {@code name:port}; the name is exact, {@code *suffix} or {@code *}, lower-case, IPv6 in
 * brackets. Only tables of listeners that take requests for any port ({@code --outbound}, HTTP_PROXY) hold domains with a
 * port. The lookup goes from the most specific name to the least (exact, longest suffix, {@code *}), and within a name
 * from the domain with the request's port (the authority's, else 80) to the one without. So a service of several ports
 * has a virtual host for each, {@code name:port}, and no other port reaches it; a service of one port has the bare name,
 * which takes every port.
 *
 * @param name for logs and the admin port
 * @param domains see above
 * @param routes first match wins
 * @param skipped rules of the same VirtualServices that can never run here, with the reason; {@code explain} shows them
 * @param httpsRedirect every cleartext request is answered 301 to https, even where no route matches
 */
public record VirtualHostPlan(
        String name,
        List<String> domains,
        List<RoutePlan> routes,
        List<SkippedRulePlan> skipped,
        boolean httpsRedirect) {
    public VirtualHostPlan {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
        skipped = List.copyOf(skipped);
    }

    /**
     * A rule that was filtered out when the plan was compiled (port, gateways, sourceLabels, sourceNamespace, or it
     * follows a catch-all).
     *
     * @param rule the rule
     * @param predicate the field that ruled it out, such as {@code match[0].port}
     * @param reason one sentence
     * @param at where that field is written
     */
    public record SkippedRulePlan(RuleRef rule, String predicate, String reason, SourceRef at) {}
}
