package dev.sluice.bench.exchange;

import dev.sluice.config.source.MissingConfigException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What policies add to an exchange from HTTP/1 to HTTP/1, each alone and those that most services set together; see {@link
 * ExchangeBenchmark}. All go well: retries are not called for, faults do not hit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms64m", "-Xmx64m"})
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls start() before anything else
public class PolicyBenchmark {
    @Param
    public Policies policies = Policies.NONE;

    private Loopback loopback;

    @Setup(Level.Trial)
    public void start() throws IOException, MissingConfigException {
        loopback = Loopback.start(ProtocolPair.H1_TO_H1, policies);
    }

    @Benchmark
    public int exchange() throws IOException {
        return loopback.exchange();
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        loopback.close();
    }
}
