package dev.sluice.proxy.explain;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.stream.RequestHead;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a request, and why. Immutable but for the request head, which is the explanation's own.
 *
 * @param outcome what it comes to
 * @param status of an answer that the proxy gives by itself; 0 for a forwarded request
 * @param listener name of the listener that takes it; null when none does
 * @param virtualHost name of the virtual host; null when none covers the host
 * @param list of the VirtualService that the rule stands in: {@code http}, {@code tcp} or {@code tls}
 * @param rule that takes it; null when none does
 * @param reason one sentence
 * @param destinations of a forwarded request
 * @param request as the upstream would see it
 * @param policies of a forwarded request; null otherwise
 * @param tried every rule in order, up to the one that took it
 * @param skipped rules that can never run on this listener
 */
public record Explanation(
        Outcome outcome,
        int status,
        @Nullable String listener,
        @Nullable String virtualHost,
        String list,
        @Nullable RuleRef rule,
        String reason,
        List<DestinationView> destinations,
        RequestHead request,
        @Nullable Policies policies,
        List<Tried> tried,
        List<SkippedRulePlan> skipped) {
    /** The list that rules of requests stand in. */
    static final String HTTP = "http";

    /** The same, told otherwise of the rules that were tried. */
    public Explanation withTried(List<Tried> told) {
        return new Explanation(
                outcome,
                status,
                listener,
                virtualHost,
                list,
                rule,
                reason,
                destinations,
                request,
                policies,
                told,
                skipped);
    }

    /** The same, refused by the proxy; status 0 where nothing is answered. */
    Explanation refused(int answered, String why) {
        return new Explanation(
                Outcome.NONE,
                answered,
                listener,
                virtualHost,
                list,
                rule,
                why,
                destinations,
                request,
                policies,
                tried,
                skipped);
    }

    /** What a request comes to. */
    public enum Outcome {
        ROUTE("route"),
        REDIRECT("redirect"),
        DIRECT("direct"),
        PASSTHROUGH("passthrough"),
        NONE("none");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** As in JSON. */
        public String text() {
            return text;
        }
    }

    /**
     * A destination.
     *
     * @param share in percent
     * @param endpoints {@code ip:port}, or {@code name:port} where names are resolved
     * @param balancer how one of them is picked
     * @param locality how their places count; null when they do not
     * @param limits that it has, in words; null for none
     * @param outlier when an endpoint is ejected, in words; null for never
     * @param problem why it cannot take requests; null when it can
     */
    public record DestinationView(
            String host,
            @Nullable String subset,
            int port,
            double share,
            List<String> endpoints,
            String balancer,
            @Nullable String locality,
            @Nullable String limits,
            @Nullable String outlier,
            @Nullable String problem) {
        /** The same with another problem. */
        DestinationView with(String other) {
            return new DestinationView(
                    host, subset, port, share, endpoints, balancer, locality, limits, outlier, other);
        }
    }

    /**
     * Policies of the route.
     *
     * @param streamIdle how long neither request nor response may move; null for as long as they like
     * @param affinity null where no destination is hashed
     */
    public record Policies(
            @Nullable Duration timeout,
            @Nullable Duration streamIdle,
            RetryPlan retry,
            @Nullable FaultPlan fault,
            List<MirrorPlan> mirrors,
            @Nullable Affinity affinity) {}

    /**
     * A rule that was tried.
     *
     * @param failed its first condition that did not hold; null for the rule that took the request
     */
    public record Tried(RuleRef rule, @Nullable ConditionPlan failed) {}
}
