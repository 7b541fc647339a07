package dev.sluice.proxy.policy.fault;

import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fault once a request, before all else that forwards it, as in Istio: what is aborted is no matter of CORS, is not mirrored,
 * and is logged as it came; nothing is repeated on retries or counted in the timeout.
 */
public final class RequestFaultStage implements RouteStage {
    static final ProxyError ABORT = ProxyError.proxy(ErrorCode.FAULT_ABORT, "fault.abort of the route");

    private final FaultDecider decider;
    private final RouteStage abort;
    private final RouteStage next;

    /**
     * @param plan of request scope
     * @param abort answers what is aborted; ends in {@link FaultAbort}
     * @param next takes what is not
     */
    public RequestFaultStage(FaultPlan plan, RouteStage abort, RouteStage next) {
        this.decider = new FaultDecider(plan);
        this.abort = abort;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        long delayNanos = decider.drawDelayNanos(ThreadLocalRandom.current());
        if (delayNanos == 0) {
            proceed(exchange);
            return;
        }
        exchange.noteDelay();
        LoopTimers.Timer timer = LoopTimers.of(exchange.loop()).schedule(delayNanos, () -> {
            exchange.waitingFor(null);
            proceed(exchange);
        });
        exchange.waitingFor(timer::cancel);
    }

    private void proceed(Exchange exchange) {
        (decider.drawAbort(ThreadLocalRandom.current()) ? abort : next).handle(exchange);
    }
}
