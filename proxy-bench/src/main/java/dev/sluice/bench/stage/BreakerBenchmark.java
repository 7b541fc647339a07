package dev.sluice.bench.stage;

import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Limit;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Admission of one request to a cluster and its end, on one loop and on several that share the cluster's limit, which is
 * exact. Four threads on fewer cores also meet in the middle of an admission.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before anything else
public class BreakerBenchmark {
    private Cluster cluster;

    @Setup
    public void setUp() throws IOException, MissingConfigException {
        cluster = BenchCluster.of("{connectionPool: {http: {http2MaxRequests: 1000}}}", 1);
    }

    @Benchmark
    public boolean alone() {
        return admit();
    }

    @Benchmark
    @Threads(2)
    public boolean ofTwoLoops() {
        return admit();
    }

    @Benchmark
    @Threads(4)
    public boolean ofFourLoops() {
        return admit();
    }

    private boolean admit() {
        Limit requests = cluster.requests();
        boolean admitted = requests.tryAcquire();
        if (admitted) {
            requests.release();
        }
        return admitted;
    }
}
