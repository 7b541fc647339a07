package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.exchange.ToldDeadline;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream how long this try may take: what is left of the request's time, or the route's perTryTimeout where that
 * is shorter (spec/istio-fields.md §1.7, §9.3); to gRPC in its own way too. A gRPC call without either keeps its header as it
 * came. The time that a request asked for each of its tries starts here, for its route may have none.
 *
 * <p>An upstream that keeps a gRPC deadline itself resets the stream when it passes, most often a moment before our own timer
 * fires: to the client that is the timeout, not a fault of the upstream, so the attempt remembers what it told.
 */
public final class TimeLeftStage implements AttemptStage {
    private static final AsciiString EXPECTED = AsciiString.cached("x-envoy-expected-rq-timeout-ms");
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final ProxyError CALL_IS_OVER =
            ProxyError.proxy(ErrorCode.TIMEOUT, "the upstream gave the call up when its time had passed");
    private static final ProxyError TRY_IS_OVER = ProxyError.upstream(
            ErrorCode.TRY_TIMEOUT, "the upstream gave the call up when retries.perTryTimeout passed");

    private final long tryNanos;
    private final AttemptStage next;
    /** The last of them: first tries mostly have the whole time left. Races are harmless, both are right. */
    private Millis told = new Millis(0, "0");

    private record Millis(long count, String text) {}

    /** @param perTry null where the route sets none */
    public TimeLeftStage(@Nullable Duration perTry, AttemptStage next) {
        this.tryNanos = perTry == null ? 0 : perTry.toNanos();
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        Exchange exchange = attempt.exchange();
        long perTry = tryNanos;
        Steering asked = exchange.steering();
        if (asked != null && asked.tryTimeoutNanos() != Steering.UNSET) {
            perTry = asked.tryTimeoutNanos();
            if (perTry > 0) {
                AttemptTimeoutStage.start(attempt, perTry);
            }
        }
        long left = shorter(exchange.timeLeftNanos(), perTry);
        if (left > 0) {
            tell(attempt, left, left == perTry);
        }
        next.handle(attempt);
    }

    private void tell(Attempt attempt, long nanos, boolean isTrys) {
        Exchange exchange = attempt.exchange();
        replace(attempt, EXPECTED, text((nanos - 1) / NANOS_PER_MILLI + 1));
        if (exchange.isGrpc()) {
            replace(attempt, HeaderNames.GRPC_TIMEOUT, GrpcTimeout.format(nanos));
            attempt.toldDeadline(new ToldDeadline(exchange.nowNanos() + nanos, isTrys ? TRY_IS_OVER : CALL_IS_OVER));
        }
    }

    private String text(long millis) {
        Millis last = told;
        if (last.count != millis) {
            last = new Millis(millis, Long.toString(millis));
            told = last;
        }
        return last.text;
    }

    private static void replace(Attempt attempt, AsciiString name, String value) {
        attempt.exchange().request().headers().remove(name);
        attempt.overlay().add(name, value);
    }

    /** The shorter of two times, of which 0 is no limit; 0 where there is none. */
    private static long shorter(long one, long other) {
        return one == 0 || other == 0 ? one + other : Math.min(one, other);
    }
}
