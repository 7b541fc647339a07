package dev.sluice.proxy.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop that runs on the test's own thread, in the test's own time. */
public final class FrozenLoop implements AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** Time stands still from the start. */
    public FrozenLoop() {
        channel.freezeTime();
    }

    /** The loop. */
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** Runs what is due, and what that leads to. */
    public void run() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Lets time pass, in steps of at most a second, so that what is scheduled on the way is run on the way. */
    public void advance(Duration duration) {
        long left = duration.toNanos();
        run();
        while (left > 0) {
            long step = Math.min(left, TimeUnit.SECONDS.toNanos(1));
            channel.advanceTimeBy(step, TimeUnit.NANOSECONDS);
            left -= step;
            run();
        }
    }

    /** Moves the clock only: what becomes due waits for the next {@link #run()}, as on a loop that is late. */
    public void skip(Duration duration) {
        channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
