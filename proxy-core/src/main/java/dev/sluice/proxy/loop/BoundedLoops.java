package dev.sluice.proxy.loop;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Event loops that look at their sockets at least every {@value #TASK_MILLIS} ms however many tasks wait; Netty's do so once
 * a second. Tasks that did not fit are run after that, in order.
 */
public final class BoundedLoops extends MultiThreadIoEventLoopGroup {
    // Static: the loops are made by the super class's constructor, before there are fields.
    private static final int TASK_MILLIS = 4;

    /** Starts {@code loops} of them once they are given something to do. */
    public BoundedLoops(int loops, ThreadFactory threads, IoHandlerFactory io) {
        super(loops, threads, io);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory io, Object... none) {
        return new WorkerLoop(this, executor, io, TASK_MILLIS);
    }
}
