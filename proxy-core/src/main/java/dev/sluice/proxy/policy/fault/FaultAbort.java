package dev.sluice.proxy.policy.fault;

import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;

/** Ends a request with the fault's answer. */
public final class FaultAbort implements RouteStage {
    private final FaultPlan plan;

    /** @param plan that aborts */
    public FaultAbort(FaultPlan plan) {
        this.plan = plan;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.note(ErrorCode.FAULT_ABORT);
        int status = plan.abortHttpStatus() == 0 ? 200 : plan.abortHttpStatus();
        LocalReply.send(exchange, RequestFaultStage.ABORT, status, plan.abortGrpcStatus());
    }
}
