package dev.sluice.config.plan;

import java.util.List;

/**
 * Routes of a set of domains, tried in order; there is no fallback to a less specific virtual host.
 *
 * @param name for logs and the admin port
 * @param domains lower-case, without port unless the listener has none of its own: exact, {@code *suffix} or {@code *}
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
