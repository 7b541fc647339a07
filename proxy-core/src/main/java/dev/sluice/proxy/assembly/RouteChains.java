package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.policy.headers.HeadersStage;
import dev.sluice.proxy.policy.headers.ResponseHeadersStage;
import dev.sluice.proxy.policy.mirror.MirrorStage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stages of forwarding routes ({@link RouteChain}). Stages are immutable, and most of ten thousand routes set nothing but
 * times and tries, and the same ones: those share one chain. Configuration thread, for one snapshot.
 */
final class RouteChains {
    private final Map<Plain, RouteStage> plain = new HashMap<>();

    /** All that such a chain is made of. Its equality is written out: the compiler's is linked at every start. */
    private record Plain(@Nullable Duration timeout, RetryPlan retry, int replayLimitBytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain plain
                    && Objects.equals(timeout, plain.timeout)
                    && retry.equals(plain.retry)
                    && replayLimitBytes == plain.replayLimitBytes;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * Objects.hashCode(timeout) + retry.hashCode()) + replayLimitBytes;
        }
    }

    /** As {@link RouteChain#forward}. */
    RouteStage forward(RoutePlan route, Forward action, List<MirrorStage.Target> mirrors) {
        boolean isPlain = action.timeout().streamIdle() == null
                && action.cors() == null
                && action.fault() == null
                && mirrors.isEmpty()
                && !HeadersStage.isNeeded(route, action)
                && !ResponseHeadersStage.isNeeded(route, action);
        if (!isPlain) {
            return RouteChain.forward(route, action, mirrors);
        }
        return plain.computeIfAbsent(
                new Plain(action.timeout().route(), action.retry(), action.replayLimitBytes()),
                key -> RouteChain.forward(route, action, mirrors));
    }
}
