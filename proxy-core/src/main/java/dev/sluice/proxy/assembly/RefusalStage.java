package dev.sluice.proxy.assembly;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/**
 * Answers 503 {@code NOT_SERVED} for a cluster whose configuration asks for what this version cannot do: sending in the
 * clear what is to be encrypted would be worse than not sending it. A reload may change that, so it is asked each time.
 */
final class RefusalStage implements AttemptStage {
    private final Cluster cluster;
    private final AttemptStage next;

    RefusalStage(Cluster cluster, AttemptStage next) {
        this.cluster = cluster;
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        String refusal = cluster.plan().refusal();
        if (refusal == null) {
            next.handle(attempt);
        } else {
            attempt.fail(ProxyError.proxy(ErrorCode.NOT_SERVED, refusal));
        }
    }
}
