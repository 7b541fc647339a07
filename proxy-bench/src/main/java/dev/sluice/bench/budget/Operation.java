package dev.sluice.bench.budget;

import dev.sluice.bench.RouteMatchBenchmark;
import dev.sluice.bench.exchange.Loopback;
import dev.sluice.bench.exchange.Policies;
import dev.sluice.bench.exchange.ProtocolPair;
import dev.sluice.bench.stage.BalancerBenchmark;
import dev.sluice.bench.stage.BreakerBenchmark;
import dev.sluice.bench.stage.HeaderTranslationBenchmark;
import dev.sluice.bench.stage.ParseBenchmark;
import dev.sluice.config.source.MissingConfigException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something whose allocation has a budget.
 *
 * @param name as the budget names it
 * @param start makes it ready
 */
record Operation(String name, Start start) {
    /** Makes an operation ready. */
    @FunctionalInterface
    interface Start {
        Running start() throws IOException, MissingConfigException;
    }

    /** An operation that is ready. */
    @FunctionalInterface
    interface Running extends AutoCloseable {
        /** Does it; the result only keeps the work from looking useless. */
        @Nullable
        Object once() throws IOException;

        @Override
        default void close() throws IOException {
            // Most hold nothing.
        }
    }

    /** All of them, in the order of the budget. */
    static List<Operation> all() {
        return List.of(
                exchange("exchange.h1-to-h1", ProtocolPair.H1_TO_H1, Policies.NONE),
                exchange("exchange.h1-to-h1.policies", ProtocolPair.H1_TO_H1, Policies.AND_OUTLIER_DETECTION),
                steered("timeout", Policies.TIMEOUT),
                steered("retries", Policies.RETRIES),
                steered("fault", Policies.FAULT),
                steered("mirror", Policies.MIRROR),
                steered("rewrite", Policies.REWRITE),
                steered("cors", Policies.CORS),
                steered("headers", Policies.HEADERS),
                steered("hash-header", Policies.HASH_HEADER),
                steered("hash-cookie", Policies.HASH_COOKIE),
                steered("hash-source", Policies.HASH_SOURCE_IP),
                exchange("exchange.h2-to-h2", ProtocolPair.H2_TO_H2, Policies.NONE),
                exchange("exchange.h2-to-h2.policies", ProtocolPair.H2_TO_H2, Policies.AND_OUTLIER_DETECTION),
                exchange("exchange.h2-to-h1", ProtocolPair.H2_TO_H1, Policies.NONE),
                exchange("exchange.h1-to-h2", ProtocolPair.H1_TO_H2, Policies.NONE),
                exchange("exchange.grpc", ProtocolPair.GRPC, Policies.NONE),
                new Operation("stage.parse-http1", () -> new ParseBenchmark()::http1),
                new Operation("stage.parse-http2", Operation::parseHttp2),
                new Operation("stage.route-match", Operation::routeMatch),
                new Operation("stage.balancer-pick", () -> pick(BalancerBenchmark.Algorithm.LEAST_REQUEST)),
                new Operation("stage.balancer-pick.ring-hash", () -> pick(BalancerBenchmark.Algorithm.RING_HASH)),
                new Operation("stage.breaker-admission", Operation::breakerAdmission),
                new Operation("stage.headers-to-http1", () -> new HeaderTranslationBenchmark()::toHttp1),
                new Operation("stage.headers-to-http2", () -> new HeaderTranslationBenchmark()::toHttp2));
    }

    private static Operation steered(String by, Policies policies) {
        return exchange("exchange.h1-to-h1." + by, ProtocolPair.H1_TO_H1, policies);
    }

    private static Operation exchange(String name, ProtocolPair pair, Policies policies) {
        return new Operation(name, () -> new Exchanges(Loopback.start(pair, policies)));
    }

    private record Exchanges(Loopback loopback) implements Running {
        @Override
        public Object once() throws IOException {
            // Boxed as Boolean, which is no object of its own.
            return loopback.exchange() > 0;
        }

        @Override
        public void close() throws IOException {
            loopback.close();
        }
    }

    private static Running routeMatch() {
        RouteMatchBenchmark benchmark = new RouteMatchBenchmark();
        benchmark.rules = 100;
        benchmark.setUp();
        return benchmark::route;
    }

    private static Running parseHttp2() {
        ParseBenchmark benchmark = new ParseBenchmark();
        return () -> {
            try {
                return benchmark.http2();
            } catch (Http2Exception e) {
                throw new IllegalStateException("the sample is malformed", e);
            }
        };
    }

    private static Running pick(BalancerBenchmark.Algorithm algorithm) throws IOException, MissingConfigException {
        BalancerBenchmark benchmark = new BalancerBenchmark();
        benchmark.algorithm = algorithm;
        benchmark.endpoints = 100;
        benchmark.setUp();
        return benchmark::pick;
    }

    private static Running breakerAdmission() throws IOException, MissingConfigException {
        BreakerBenchmark benchmark = new BreakerBenchmark();
        benchmark.setUp();
        return benchmark::alone;
    }
}
