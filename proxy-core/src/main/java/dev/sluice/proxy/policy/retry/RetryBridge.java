package dev.sluice.proxy.policy.retry;

import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptOwner;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RequestBody;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.timer.LoopTimers;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The last route stage: makes attempts until one is let through or nothing more may be tried. Immutable; what it needs to
 * remember of a request is in the exchange.
 */
public final class RetryBridge implements RouteStage, AttemptOwner, AttemptEnd {
    private static final ProxyError NO_CLUSTER =
            ProxyError.proxy(ErrorCode.NO_CLUSTER, "no such host, port or subset is configured");
    /**
     * Transparent ones (spec/reliability.md B43). The last has to go on a new connection: one that was idle may have been
     * closed in the same moment as the one that failed, a new one cannot.
     */
    private static final int MAX_REPLAYS = 2;

    private static final AsciiString ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");

    private final RetryDecider decider;
    private final int retries;
    private final long baseIntervalMillis;
    private final int replayLimitBytes;
    private final AttemptStage attempts;

    /**
     * @param replayLimitBytes request body held back for another try
     * @param attempts the route's attempt stages, which end in the destination's
     */
    public RetryBridge(RetryPlan plan, int replayLimitBytes, AttemptStage attempts) {
        this.decider = new RetryDecider(plan);
        this.retries = plan.attempts();
        this.baseIntervalMillis = plan.baseInterval().toMillis();
        this.replayLimitBytes = replayLimitBytes;
        this.attempts = attempts;
    }

    @Override
    public void handle(Exchange exchange) {
        Destination destination = exchange.destination();
        if (destination == null || destination.cluster() == null) {
            exchange.fail(NO_CLUSTER);
            return;
        }
        RequestBody body = exchange.body();
        if (body != null) {
            body.replayLimitBytes(replayLimitBytes);
        }
        attempts.handle(exchange.newAttempt(this));
    }

    @Override
    public void onResponse(Attempt attempt, ResponseHead head, boolean last) {
        Exchange exchange = attempt.exchange();
        if (mayRetry(attempt)
                && decider(exchange).retries(attempt.status(), head.headers(), last)
                && takeRetry(exchange)) {
            attempt.abandon();
            retryLater(exchange, attempt.number() + 1 - exchange.replays());
        } else {
            if (limitReached(attempt) && decider(exchange).retries(attempt.status(), head.headers(), last)) {
                exchange.noteRetryLimit();
            }
            attempt.commit(head, last);
        }
    }

    @Override
    public void onFailure(Attempt attempt, ProxyError error) {
        Exchange exchange = attempt.exchange();
        if (mayRetry(attempt) && decider(exchange).retries(exchange.request(), error) && takeRetry(exchange)) {
            retryLater(exchange, attempt.number() + 1 - exchange.replays());
        } else if (exchange.replays() < MAX_REPLAYS
                && RetryDecider.replays(exchange.request(), error)
                && isReplayable(exchange)) {
            replay(exchange);
        } else {
            if (limitReached(attempt) && decider(exchange).retries(exchange.request(), error)) {
                exchange.noteRetryLimit();
            }
            exchange.fail(error);
        }
    }

    private int retries(Exchange exchange) {
        Steering asked = exchange.steering();
        return asked == null ? retries : asked.retriesOr(retries);
    }

    private RetryDecider decider(Exchange exchange) {
        Steering asked = exchange.steering();
        return asked == null ? decider : decider.with(asked);
    }

    /** Whether there were retries to make and all of them were made. */
    private boolean limitReached(Attempt attempt) {
        Exchange exchange = attempt.exchange();
        int allowed = retries(exchange);
        return allowed > 0 && attempt.number() - exchange.replays() >= allowed;
    }

    private boolean mayRetry(Attempt attempt) {
        Exchange exchange = attempt.exchange();
        return attempt.number() - exchange.replays() < retries(exchange)
                && !exchange.isEnded()
                && isReplayable(exchange);
    }

    private static boolean isReplayable(Exchange exchange) {
        RequestBody body = exchange.body();
        return body == null || body.isReplayable();
    }

    private static boolean takeRetry(Exchange exchange) {
        Destination destination = exchange.destination();
        Cluster cluster = destination == null ? null : destination.cluster();
        if (cluster != null && cluster.tryRetry()) {
            return true;
        }
        exchange.noteRetryOverflow();
        return false;
    }

    /** The permit was taken; it belongs to the next attempt from here on. */
    private void retryLater(Exchange exchange, int retry) {
        long delayMillis = BackOff.delayMillis(baseIntervalMillis, retry, ThreadLocalRandom.current());
        LoopTimers.Timer timer = LoopTimers.of(exchange.loop())
                .schedule(TimeUnit.MILLISECONDS.toNanos(delayMillis), () -> {
                    exchange.waitingFor(null);
                    Attempt next = exchange.newAttempt(this);
                    next.onEnd(this);
                    begin(next);
                });
        exchange.waitingFor(() -> {
            timer.cancel();
            releaseRetry(exchange);
        });
    }

    private void replay(Exchange exchange) {
        exchange.noteReplay();
        Attempt next = exchange.newAttempt(this);
        if (exchange.replays() == MAX_REPLAYS) {
            next.needNewConnection();
        }
        begin(next);
    }

    private void begin(Attempt attempt) {
        attempt.overlay().add(ATTEMPT_COUNT, Integer.toString(attempt.number() + 1));
        attempts.handle(attempt);
    }

    @Override
    public void attemptEnded(Attempt attempt) {
        releaseRetry(attempt.exchange());
    }

    private static void releaseRetry(Exchange exchange) {
        Destination destination = exchange.destination();
        if (destination != null && destination.cluster() != null) {
            destination.cluster().retries().release();
        }
    }
}
