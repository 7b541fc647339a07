package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.HeaderNames;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream of a gRPC call how long this try may take: what is left of the call's time, or the route's
 * perTryTimeout where that is shorter (spec/istio-fields.md §9.3). A call without either keeps its header as it came.
 */
public final class GrpcTimeoutStage implements AttemptStage {
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
            long left = left(exchange.grpcTimeoutNanos(), System.nanoTime() - exchange.startedNanos());
            if (left > 0) {
                exchange.request().headers().remove(HeaderNames.GRPC_TIMEOUT);
                attempt.overlay().add(HeaderNames.GRPC_TIMEOUT, GrpcTimeout.format(left));
            }
        }
        next.handle(attempt);
    }

    /** Nanoseconds that this try has, at least one; 0 for no limit. */
    private long left(long callNanos, long passedNanos) {
        if (callNanos == 0) {
            return tryNanos;
        }
        long left = Math.max(1, callNanos - passedNanos);
        return tryNanos == 0 ? left : Math.min(left, tryNanos);
    }
}
