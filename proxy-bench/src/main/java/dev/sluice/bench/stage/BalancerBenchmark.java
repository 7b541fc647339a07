package dev.sluice.bench.stage;

import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.balance.EarlierTries;
import dev.sluice.proxy.cluster.Endpoint;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The endpoint of one request, by algorithm and number of endpoints; each request has a key of its own. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before anything else
public class BalancerBenchmark {
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    /** As a DestinationRule names them. */
    public enum Algorithm {
        ROUND_ROBIN("simple: ROUND_ROBIN"),
        LEAST_REQUEST("simple: LEAST_REQUEST"),
        RING_HASH("consistentHash: {httpHeaderName: x-user}"),
        MAGLEV("consistentHash: {httpHeaderName: x-user, maglev: {}}");

        private final String yaml;

        Algorithm(String yaml) {
            this.yaml = yaml;
        }
    }

    @Param
    public Algorithm algorithm = Algorithm.LEAST_REQUEST;

    @Param({"2", "100", "10000"})
    public int endpoints;

    private Balancer balancer;
    private long key;

    @Setup
    public void setUp() throws IOException, MissingConfigException {
        balancer = Balancer.of(BenchCluster.of("{loadBalancer: {" + algorithm.yaml + "}}", endpoints));
        if (pick() == null) {
            throw new IllegalStateException("no endpoint is usable");
        }
    }

    @Benchmark
    public @Nullable Endpoint pick() {
        key += GOLDEN_RATIO;
        return balancer.pick(key, EarlierTries.NONE);
    }
}
