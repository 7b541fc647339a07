package dev.sluice.config.translate.route;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HttpRoute.HttpRouteDestination;
import dev.sluice.config.crd.schema.GoDuration;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.TimeoutPlan;
import dev.sluice.config.translate.cluster.SluiceAnnotations;
import dev.sluice.config.translate.route.delegate.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rule that sends requests upstream: destinations with their weights, and the policies of the route. */
final class ForwardTranslator {
    private final Destinations destinations;
    private final MirrorTranslator mirrors;
    private final RetryTranslator retries;
    private final Once once;
    private final Map<Plain, Forward> plains = new HashMap<>();

    ForwardTranslator(Destinations destinations, RetryTranslator retries, Once once) {
        this.once = once;
        this.destinations = destinations;
        this.mirrors = new MirrorTranslator(destinations);
        this.retries = retries;
    }

    /**
     * All that such a route does.
     *
     * @param retry one object for all that are equal
     */
    private record Plain(ClusterKey cluster, RetryPlan retry, @Nullable Duration timeout) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain plain
                    && cluster.equals(plain.cluster)
                    && retry.equals(plain.retry)
                    && Objects.equals(timeout, plain.timeout);
        }

        @Override
        public int hashCode() {
            return cluster.hashCode() * 31 + Objects.hashCode(timeout);
        }
    }

    /** What to do, and the header operations of the route level. */
    record Forwarding(RouteActionPlan action, HeaderPlan headers) {}

    Forwarding forward(Rule rule, MatchPlan match, int listenerPort) {
        HeaderPlan headers = HeaderTranslator.level(rule.route().headers());
        List<HttpRouteDestination> written = rule.route().route();
        boolean single = written.size() == 1;
        List<DestinationPlan> chosen = new ArrayList<>(written.size());
        for (HttpRouteDestination destination : written) {
            int weight = single ? 1 : destination.weight() == null ? 0 : destination.weight();
            Destination to = destination.destination();
            if (weight > 0 && to != null) {
                Destinations.Found found = destinations.find(to, rule.namespace(), listenerPort);
                HeaderPlan own = single ? HeaderPlan.NONE : HeaderTranslator.level(destination.headers());
                chosen.add(new DestinationPlan(once.of(found.cluster()), weight, own, found.hash()));
            }
        }
        if (chosen.isEmpty()) {
            return new Forwarding(new RouteActionPlan.Dead("no destination has a weight"), headers);
        }
        if (single) {
            headers = HeaderTranslator.joined(
                    headers, HeaderTranslator.level(written.get(0).headers()));
        }
        boolean hashed = single && !chosen.get(0).hash().keys().isEmpty();
        Forward action = new Forward(
                chosen,
                RewriteTranslator.rewrite(rule.route().rewrite(), match),
                mirrors.mirrors(rule, listenerPort),
                CorsTranslator.cors(rule.route().corsPolicy()),
                timeouts(rule),
                once.of(retries.retry(rule.route().retries(), hashed)),
                FaultTranslator.fault(rule),
                SluiceAnnotations.number(
                        rule.annotation(SluiceAnnotations.REPLAY_LIMIT),
                        0,
                        Integer.MAX_VALUE,
                        Forward.DEFAULT_REPLAY_LIMIT_BYTES));
        return new Forwarding(single ? once(action) : action, headers);
    }

    /** One object for all routes that go to the same cluster in the same way and set nothing else, which most do. */
    private Forward once(Forward action) {
        DestinationPlan only = action.destinations().get(0);
        boolean plain = only.hash().keys().isEmpty()
                && action.rewrite() == null
                && action.mirrors().isEmpty()
                && action.cors() == null
                && action.timeout().streamIdle() == null
                && action.fault() == null
                && action.replayLimitBytes() == Forward.DEFAULT_REPLAY_LIMIT_BYTES;
        if (!plain) {
            return action;
        }
        Plain key = new Plain(only.cluster(), action.retry(), action.timeout().route());
        Forward first = plains.putIfAbsent(key, action);
        return first == null ? action : first;
    }

    /** A route to one destination on which nobody sets anything. */
    Forward plain(Destinations.Found to) {
        return new Forward(
                List.of(new DestinationPlan(to.cluster(), 1, HeaderPlan.NONE, to.hash())),
                null,
                List.of(),
                null,
                TimeoutPlan.NONE,
                retries.retry(null, !to.hash().keys().isEmpty()),
                null,
                Forward.DEFAULT_REPLAY_LIMIT_BYTES);
    }

    private static TimeoutPlan timeouts(Rule rule) {
        Duration timeout = rule.route().timeout();
        Duration streamIdle = GoDuration.notNegative(rule.annotation(SluiceAnnotations.STREAM_IDLE_TIMEOUT));
        boolean none = timeout == null || timeout.isZero();
        return none && streamIdle == null ? TimeoutPlan.NONE : new TimeoutPlan(none ? null : timeout, streamIdle);
    }
}
