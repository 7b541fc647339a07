package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HeaderNames;
import dev.sluice.proxy.stream.ProxyError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream of a gRPC call how long this try may take: what is left of the call's time, or the route's
 * perTryTimeout where that is shorter (spec/istio-fields.md §9.3). A call without either keeps its header as it came.
 *
 * <p>An upstream that keeps the deadline itself resets the stream when it passes, most often a moment before our own timer
 * fires: to the client that is the timeout, not a fault of the upstream, so the attempt remembers what it told.
 */
public final class GrpcTimeoutStage implements AttemptStage {
    private static final ProxyError CALL_IS_OVER =
            ProxyError.proxy(ErrorCode.TIMEOUT, "the upstream gave the call up when its time had passed");
    private static final ProxyError TRY_IS_OVER = ProxyError.upstream(
            ErrorCode.TRY_TIMEOUT, "the upstream gave the call up when retries.perTryTimeout passed");

    private final long tryNanos;
    private final AttemptStage next;

    /** @param perTry null where the route sets none */
    public GrpcTimeoutStage(@Nullable Duration perTry, AttemptStage next) {
        this.tryNanos = perTry == null ? 0 : perTry.toNanos();
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        Exchange exchange = attempt.exchange();
        if (exchange.isGrpc()) {
            long left = left(exchange.timeoutLeftNanos());
            if (left > 0) {
                exchange.request().headers().remove(HeaderNames.GRPC_TIMEOUT);
                attempt.overlay().add(HeaderNames.GRPC_TIMEOUT, GrpcTimeout.format(left));
                attempt.toldDeadline(exchange.nowNanos() + left, left == tryNanos ? TRY_IS_OVER : CALL_IS_OVER);
            }
        }
        next.handle(attempt);
    }

    /** Nanoseconds that this try has; 0 for no limit. */
    private long left(long callNanos) {
        if (callNanos == 0 || tryNanos == 0) {
            return callNanos + tryNanos;
        }
        return Math.min(callNanos, tryNanos);
    }
}
