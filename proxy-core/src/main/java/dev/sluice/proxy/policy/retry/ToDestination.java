package dev.sluice.proxy.policy.retry;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/** The end of a route's attempt stages: goes on with those of the cluster that was chosen. */
public final class ToDestination implements AttemptStage {
    /** It holds nothing, so there is one. */
    public static final ToDestination INSTANCE = new ToDestination();

    private ToDestination() {}

    @Override
    public void handle(Attempt attempt) {
        Destination destination = attempt.exchange().destination();
        AttemptStage stages = destination == null ? null : destination.attempts();
        if (stages == null) {
            attempt.fail(ProxyError.proxy(ErrorCode.NO_CLUSTER, "the destination has no cluster"));
        } else {
            stages.handle(attempt);
        }
    }
}
