package dev.sluice.proxy.policy.fault;

import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.timer.LoopTimers;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fault for each try, inside the retry bridge (design.md, "Faults together with retries and timeouts"): a delay counts
 * against both timeouts, and an abort is a response that the retry policy may throw away. No endpoint has been picked yet,
 * so it is nobody's failure.
 */
public final class AttemptFaultStage implements AttemptStage {
    private final FaultPlan plan;
    private final FaultDecider decider;
    private final AttemptStage next;

    /** @param plan of attempt scope */
    public AttemptFaultStage(FaultPlan plan, AttemptStage next) {
        this.plan = plan;
        this.decider = new FaultDecider(plan);
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        long delayNanos = decider.drawDelayNanos(ThreadLocalRandom.current());
        if (delayNanos == 0) {
            proceed(attempt);
            return;
        }
        attempt.exchange().noteDelay();
        LoopTimers.Timer timer = LoopTimers.of(attempt.exchange().loop()).schedule(delayNanos, () -> {
            attempt.waitingFor(null);
            proceed(attempt);
        });
        attempt.waitingFor(timer::cancel);
    }

    private void proceed(Attempt attempt) {
        if (!decider.drawAbort(ThreadLocalRandom.current())) {
            next.handle(attempt);
            return;
        }
        int status = plan.abortHttpStatus() == 0 ? 200 : plan.abortHttpStatus();
        LocalReply.Reply reply =
                LocalReply.reply(attempt.exchange(), RequestFaultStage.ABORT, status, plan.abortGrpcStatus());
        attempt.answerLocally(ErrorCode.FAULT_ABORT, status, reply);
    }
}
