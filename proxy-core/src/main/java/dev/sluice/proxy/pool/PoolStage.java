package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import java.util.Objects;

/** Gives the attempt a stream to its endpoint, in the protocol that the cluster speaks. */
public final class PoolStage implements AttemptStage {
    /** Never silently downgraded (spec/reliability.md B72): trailers, and with them every status, would be lost. */
    private static final ProxyError NO_GRPC = ProxyError.proxy(
            ErrorCode.UPSTREAM_PROTOCOL, "gRPC needs HTTP/2, and the service's port is declared as HTTP/1.1");

    private final Cluster cluster;
    private final ClusterPool pool;

    /** For one cluster. */
    public PoolStage(Cluster cluster, ClusterPool pool) {
        this.cluster = cluster;
        this.pool = pool;
    }

    @Override
    public void handle(Attempt attempt) {
        Endpoint endpoint = Objects.requireNonNull(attempt.endpoint(), "balancing comes before the pool");
        HttpVersion version = version(attempt);
        if (version != HttpVersion.HTTP_2 && attempt.exchange().isGrpc()) {
            attempt.fail(NO_GRPC);
            return;
        }
        pool.acquire(attempt, endpoint, version);
    }

    private HttpVersion version(Attempt attempt) {
        Exchange exchange = attempt.exchange();
        boolean http2 =
                switch (cluster.plan().protocol()) {
                    case HTTP1 -> false;
                    case HTTP2 -> true;
                    case SAME_AS_DOWNSTREAM -> isHttp2(exchange);
                    case UNDECLARED -> isHttp2(exchange) && (!exchange.isFromEdge() || exchange.isGrpc());
                };
        return http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    }

    private static boolean isHttp2(Exchange exchange) {
        return exchange.request().version() == HttpVersion.HTTP_2;
    }
}
