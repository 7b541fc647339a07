package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.time.Duration;

/** perTryTimeout (spec/istio-fields.md §1.7): per try, from when the whole request has arrived. */
public final class AttemptTimeoutStage implements AttemptStage {
    private static final ProxyError TRY_TIMEOUT =
            ProxyError.upstream(ErrorCode.TRY_TIMEOUT, "retries.perTryTimeout passed");

    private final long timeoutNanos;
    private final AttemptStage next;

    /** @param timeout positive */
    public AttemptTimeoutStage(Duration timeout, AttemptStage next) {
        this.timeoutNanos = timeout.toNanos();
        this.next = next;
    }

    /** Lets {@code attempt} have {@code nanos} from the end of the request on. */
    static void start(Attempt attempt, long nanos) {
        if (attempt.exchange().requestEndNanos() != 0) {
            attempt.deadline(nanos, TRY_TIMEOUT);
        } else {
            attempt.exchange().whenRequestEnded(() -> attempt.deadline(nanos, TRY_TIMEOUT));
        }
    }

    @Override
    public void handle(Attempt attempt) {
        Steering asked = attempt.exchange().steering();
        if (asked == null || asked.tryTimeoutNanos() == Steering.UNSET) {
            start(attempt, timeoutNanos);
        }
        next.handle(attempt);
    }
}
