package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.config.plan.policy.TimeoutPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route does with a request. */
public sealed interface RouteActionPlan {
    /**
     * Sends it upstream.
     *
     * @param destinations at least one; weights are positive where there are several
     * @param rewrite null when nothing is rewritten
     * @param mirrors shadow copies
     * @param cors null when unset
     * @param timeout route timeout
     * @param retry retry policy, Istio's default where the route sets none
     * @param fault null when unset
     * @param replayLimitBytes how much request body a retry may hold back ({@code sluice.dev/replay-limit})
     */
    record Forward(
            List<DestinationPlan> destinations,
            @Nullable RewritePlan rewrite,
            List<MirrorPlan> mirrors,
            @Nullable CorsPlan cors,
            TimeoutPlan timeout,
            RetryPlan retry,
            @Nullable FaultPlan fault,
            int replayLimitBytes)
            implements RouteActionPlan {
        /** Contract default of {@code sluice.dev/replay-limit}: 64 KiB. */
        public static final int DEFAULT_REPLAY_LIMIT_BYTES = 64 * 1024;

        public Forward {
            destinations = List.copyOf(destinations);
            mirrors = List.copyOf(mirrors);
        }
    }

    /**
     * Answers with a Location (spec/istio-fields.md §1.5).
     *
     * @param status 301, 302, 303, 307 or 308
     * @param scheme http or https; null keeps the request's
     * @param authority null keeps the request's
     * @param port how the port is chosen
     * @param path whole new path, may hold its own query; null keeps it
     * @param prefixRewrite replaces {@code matchedPrefix}; null when unset
     * @param matchedPrefix the prefix that the match named, for prefixRewrite; empty otherwise
     */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String authority,
            RedirectPort port,
            @Nullable String path,
            @Nullable String prefixRewrite,
            String matchedPrefix)
            implements RouteActionPlan {}

    /**
     * Answers by itself (§1.6).
     *
     * @param status 200 to 600
     * @param body never null, may be empty; not to be modified
     */
    record DirectResponse(int status, Body body) implements RouteActionPlan {}

    /** A redirect with a code that Istio lets pass and Envoy cannot serve: the route takes the request and has no action. */
    record Dead(String reason) implements RouteActionPlan {}

    /**
     * Port of a redirect. That of the request is explicit too: as in Istio it is the port of the server or service that the
     * route was made for, not the one that redirected connections arrive at.
     *
     * @param kind how it is found
     * @param number for {@link Kind#EXPLICIT}; 0 otherwise
     */
    record RedirectPort(Kind kind, int number) {
        /** How the port is found. */
        public enum Kind {
            KEEP,
            EXPLICIT,
            FROM_PROTOCOL_DEFAULT
        }
    }
}
