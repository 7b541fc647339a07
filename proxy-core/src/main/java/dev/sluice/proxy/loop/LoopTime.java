package dev.sluice.proxy.loop;

import io.netty.channel.EventLoop;

/**
 * What time it is for what an event loop does: when it {@linkplain #look looked at the clock} last. It looks when bytes have
 * arrived, before it hands them to a codec, when its wait for sockets is over, before it runs tasks and before it fires timers.
 * A request that is timed by it is timed from when its bytes were there, and costs two readings of the clock instead of a
 * dozen, each of which holds the processor up for as long as fifty instructions.
 *
 * <p>Never ahead of the clock, and behind it by what the codecs make of one read, or one turn's tasks (4 ms at most). What
 * watches its own duration asks the {@linkplain EventLoop#ticker ticker}; so does every loop that is none of {@link BoundedLoops},
 * such as those of tests with frozen time.
 *
 * <p>The loop's own thread only.
 */
public final class LoopTime {
    private LoopTime() {}

    /** It is now. */
    public static void look(EventLoop loop) {
        if (loop instanceof WorkerLoop worker) {
            worker.look();
        }
    }

    /** Nanoseconds of the ticker of {@code loop} at that time. */
    public static long nanos(EventLoop loop) {
        return loop instanceof WorkerLoop worker
                ? worker.nanos()
                : loop.ticker().nanoTime();
    }

    /** Milliseconds since 1970 at that time. */
    public static long millis(EventLoop loop) {
        return loop instanceof WorkerLoop worker ? worker.millis() : System.currentTimeMillis();
    }
}
