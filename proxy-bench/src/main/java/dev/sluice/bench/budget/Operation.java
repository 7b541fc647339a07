package dev.sluice.bench.budget;

import dev.sluice.bench.RouteMatchBenchmark;
import dev.sluice.bench.exchange.Loopback;
import dev.sluice.bench.exchange.Policies;
import dev.sluice.bench.exchange.ProtocolPair;
import dev.sluice.config.source.MissingConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

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
        Running start() throws IOException;
    }

    /** An operation that is ready. */
    @FunctionalInterface
    interface Running extends AutoCloseable {
        /** Does it; the result only keeps the work from looking useless. */
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
                exchange("exchange.h2-to-h2", ProtocolPair.H2_TO_H2, Policies.NONE),
                exchange("exchange.h2-to-h2.policies", ProtocolPair.H2_TO_H2, Policies.AND_OUTLIER_DETECTION),
                exchange("exchange.h2-to-h1", ProtocolPair.H2_TO_H1, Policies.NONE),
                exchange("exchange.h1-to-h2", ProtocolPair.H1_TO_H2, Policies.NONE),
                exchange("exchange.grpc", ProtocolPair.GRPC, Policies.NONE),
                new Operation("stage.route-match", Operation::routeMatch));
    }

    private static Operation exchange(String name, ProtocolPair pair, Policies policies) {
        return new Operation(name, () -> new Exchanges(loopback(pair, policies)));
    }

    private static Loopback loopback(ProtocolPair pair, Policies policies) throws IOException {
        try {
            return Loopback.start(pair, policies);
        } catch (MissingConfigException e) {
            throw new UncheckedIOException(new IOException(e));
        }
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
}
