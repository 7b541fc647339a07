package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.headers.HeaderNames;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Route timeout (spec/istio-fields.md §1.1): from the end of the request to the end of the response, over all tries. A gRPC
 * request brings a deadline of its own, which holds where it passes first (§9.3).
 */
public final class RouteTimeoutStage implements RouteStage {
    private static final ProxyError TIMEOUT = ProxyError.proxy(ErrorCode.TIMEOUT, "the route's timeout passed");
    private static final ProxyError GRPC_TIMEOUT =
            ProxyError.proxy(ErrorCode.TIMEOUT, "the client's grpc-timeout passed");

    private final long timeoutNanos;
    private final RouteStage next;

    /** @param timeout null where the route sets none; a gRPC deadline is still kept */
    public RouteTimeoutStage(@Nullable Duration timeout, RouteStage next) {
        this.timeoutNanos = timeout == null ? 0 : timeout.toNanos();
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        Steering asked = exchange.steering();
        long ownNanos = asked == null ? timeoutNanos : asked.timeoutOr(timeoutNanos);
        long grpcNanos = exchange.isGrpc()
                ? GrpcTimeout.parseNanos(exchange.request().headers().get(HeaderNames.GRPC_TIMEOUT))
                : 0;
        boolean grpcIsShorter = grpcNanos > 0 && (ownNanos == 0 || grpcNanos < ownNanos);
        long nanos = grpcIsShorter ? grpcNanos : ownNanos;
        if (nanos > 0) {
            // Each try tells its upstream what is left: TimeLeftStage.
            exchange.deadline(nanos, grpcIsShorter ? GRPC_TIMEOUT : TIMEOUT);
            // One of gRPC counts from its request's start: a streaming call may never end its request.
            if (grpcIsShorter || exchange.requestEndNanos() != 0) {
                exchange.startDeadline();
            } else {
                if (grpcNanos > 0) {
                    exchange.deadlineAtMost(grpcNanos, GRPC_TIMEOUT);
                }
                exchange.whenRequestEnded(exchange::startDeadline);
            }
        }
        next.handle(exchange);
    }
}
