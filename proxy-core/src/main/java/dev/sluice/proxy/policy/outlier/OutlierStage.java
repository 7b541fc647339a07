package dev.sluice.proxy.policy.outlier;

import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.GrpcStatus;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.function.LongSupplier;

/**
 * Tells the detector how an attempt goes at its endpoint: of an answer when its head is here, for streams may last, of a
 * failure when it ends. What the endpoint had no part in does not
 * count: a full breaker or queue, a client that left, a try that was given up (spec/istio-fields.md §12.6).
 */
public final class OutlierStage implements AttemptStage, AttemptEnd {
    private final Cluster cluster;
    private final OutlierDetector detector;
    private final LongSupplier nanoTime;
    private final AttemptStage next;

    /** For one cluster, behind the balancer. */
    public OutlierStage(Cluster cluster, OutlierDetector detector, AttemptStage next) {
        this(cluster, detector, System::nanoTime, next);
    }

    /** @param nanoTime the clock of ejections */
    OutlierStage(Cluster cluster, OutlierDetector detector, LongSupplier nanoTime, AttemptStage next) {
        this.cluster = cluster;
        this.detector = detector;
        this.nanoTime = nanoTime;
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        if (cluster.plan().outlier() != null) {
            attempt.onEnd(this);
        }
        next.handle(attempt);
    }

    @Override
    public void responseBegan(Attempt attempt) {
        OutlierPlan plan = cluster.plan().outlier();
        Endpoint endpoint = attempt.endpoint();
        if (plan == null || endpoint == null) {
            return;
        }
        detector.connected(plan, endpoint);
        int grpc = attempt.grpcStatus();
        int meant = grpc < 0 ? attempt.status() : GrpcStatus.toHttp(grpc);
        if (!detector.answeredWell(plan, endpoint, meant)) {
            detector.answered(plan, endpoint, meant, nanoTime.getAsLong());
        }
    }

    @Override
    public void attemptEnded(Attempt attempt) {
        OutlierPlan plan = cluster.plan().outlier();
        Endpoint endpoint = attempt.endpoint();
        if (plan == null || endpoint == null) {
            return;
        }
        if (attempt.status() == 0 && attempt.connection() != null) {
            detector.connected(plan, endpoint);
        }
        ProxyError error = attempt.error();
        if (error == null) {
            return;
        }
        if (error.isTimeout()) {
            // Once it has begun to answer, the endpoint is not the one that is late.
            if (attempt.isTooLate() && !stoodInLine(attempt, endpoint)) {
                detector.unanswered(plan, endpoint, true, nanoTime.getAsLong());
            }
        } else if (error.origin() == ProxyError.Origin.UPSTREAM) {
            boolean timedOut = error.code() == ErrorCode.CONNECT_TIMEOUT;
            detector.unanswered(plan, endpoint, timedOut, nanoTime.getAsLong());
        }
    }

    /** Whether its time passed while others had all connections that there may be. */
    private boolean stoodInLine(Attempt attempt, Endpoint endpoint) {
        return attempt.connection() == null
                && (cluster.connections().isFull() || endpoint.connections().isFull());
    }
}
