package dev.sluice.proxy.loop;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;

/** One of {@link BoundedLoops}, with the time at which it looked at the clock last. Its own thread only; see {@link LoopTime}. */
final class WorkerLoop extends SingleThreadIoEventLoop {
    private long nanos = ticker().nanoTime();
    private long millis = System.currentTimeMillis();
    private long millisOfNanos = nanos;
    /** It has looked, and nothing was done since. */
    private boolean fresh;

    WorkerLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory io, long taskMillis) {
        super(group, executor, io, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), taskMillis);
    }

    /** The wait for sockets is over at {@code nowNanos}, by this loop's ticker, which is not {@link System#nanoTime}. */
    void woke(long nowNanos) {
        nanos = nowNanos;
        fresh = true;
    }

    void look() {
        if (fresh) {
            fresh = false;
        } else {
            nanos = ticker().nanoTime();
        }
    }

    long nanos() {
        return nanos;
    }

    long millis() {
        if (millisOfNanos != nanos) {
            millisOfNanos = nanos;
            millis = System.currentTimeMillis();
        }
        return millis;
    }

    @Override
    protected boolean runAllTasks(long timeoutNanos) {
        fresh = false;
        look();
        return super.runAllTasks(timeoutNanos);
    }

    @Override
    protected boolean runAllTasks() {
        fresh = false;
        look();
        return super.runAllTasks();
    }
}
