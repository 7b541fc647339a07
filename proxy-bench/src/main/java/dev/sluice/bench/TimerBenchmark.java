package dev.sluice.bench;

import dev.sluice.proxy.timer.LoopTimers;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** One operation on the timers of an event loop, with few and with many others pending, all due within a minute. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else
public class TimerBenchmark {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Param({"100", "100000"})
    public int pending = 100;

    private final SplittableRandom random = new SplittableRandom(7);
    private EmbeddedChannel channel;
    private LoopTimers timers;

    @Setup
    public void fill() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        timers = LoopTimers.of(channel.eventLoop());
        for (int i = 0; i < pending; i++) {
            timers.schedule(random.nextLong(LONGEST_NANOS), TimerBenchmark::nothing);
        }
    }

    private static void nothing() {}

    /** What nearly every timeout of a request does. */
    @Benchmark
    public void setAndCancel() {
        timers.schedule(random.nextLong(LONGEST_NANOS), TimerBenchmark::nothing).cancel();
    }

    /** One is set, and as much time passes as lets about one fire. */
    @Benchmark
    public void setAndFire() {
        timers.schedule(random.nextLong(LONGEST_NANOS), TimerBenchmark::nothing);
        channel.advanceTimeBy(LONGEST_NANOS / 2 / pending, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
