package dev.sluice.proxy.policy.fault;

import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import java.util.concurrent.ThreadLocalRandom;

/** Fault once a request, before the retry bridge, as in Istio: not repeated on retries, not counted in the timeout. */
public final class RequestFaultStage implements RouteStage {
    static final ProxyError ABORT = ProxyError.proxy(ErrorCode.FAULT_ABORT, "fault.abort of the route");

    private final FaultPlan plan;
    private final FaultDecider decider;
    private final RouteStage next;

    /** @param plan of request scope */
    public RequestFaultStage(FaultPlan plan, RouteStage next) {
        this.plan = plan;
        this.decider = new FaultDecider(plan);
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
        if (decider.drawAbort(ThreadLocalRandom.current())) {
            exchange.note(ErrorCode.FAULT_ABORT);
            int status = plan.abortHttpStatus() == 0 ? 200 : plan.abortHttpStatus();
            LocalReply.send(exchange, ABORT, status, plan.abortGrpcStatus());
        } else {
            next.handle(exchange);
        }
    }
}
