package dev.sluice.proxy.exchange;

import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a request itself asked of its timeouts and retries (spec/istio-fields.md §1.7, the x-envoy-* headers). Immutable.
 *
 * @param timeoutNanos instead of the route's; 0 for none, {@link #UNSET} to keep the route's
 * @param tryTimeoutNanos instead of the route's perTryTimeout; 0 for none, {@link #UNSET} to keep the route's
 * @param retries further tries, instead of the route's; {@link #UNSET} to keep them
 * @param retryOn added to the route's
 * @param statusCodes added to the route's
 * @param retriableHeaders lower-case names of response headers that {@link RetryOn#RETRIABLE_HEADERS} looks for
 * @param noContentOnTimeout a timeout is answered 204 rather than 504
 */
public record Steering(
        long timeoutNanos,
        long tryTimeoutNanos,
        int retries,
        Set<RetryOn> retryOn,
        List<Integer> statusCodes,
        List<AsciiString> retriableHeaders,
        boolean noContentOnTimeout) {
    /** Not asked for. */
    public static final int UNSET = -1;

    public Steering {
        retryOn = Set.copyOf(retryOn);
        statusCodes = List.copyOf(statusCodes);
        retriableHeaders = List.copyOf(retriableHeaders);
    }

    /** The time of the request, {@code routeNanos} where it says nothing of it; 0 for none. */
    public long timeoutOr(long routeNanos) {
        return timeoutNanos == UNSET ? routeNanos : timeoutNanos;
    }

    /** Further tries: whoever names outcomes to retry, but no number, on a route without retries gets one, as in Envoy. */
    public int retriesOr(int route) {
        if (retries != UNSET) {
            return retries;
        }
        return retryOn.isEmpty() ? route : Math.max(1, route);
    }

    /** A route's policy with what is asked for, but the names of response headers, which no route has. */
    public RetryPlan over(RetryPlan route) {
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        on.addAll(route.retryOn());
        on.addAll(retryOn);
        Duration each = tryTimeoutNanos == UNSET ? route.perTryTimeout() : Duration.ofNanos(tryTimeoutNanos);
        return new RetryPlan(
                on.isEmpty() ? 0 : retriesOr(route.attempts()),
                each == null || each.isZero() ? null : each,
                on,
                Stream.concat(route.statusCodes().stream(), statusCodes.stream())
                        .distinct()
                        .toList(),
                route.retryRemoteLocalities(),
                route.ignorePreviousHosts(),
                route.baseInterval(),
                route.isDefault() && retryOn.isEmpty());
    }
}
