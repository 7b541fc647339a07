package dev.sluice.proxy.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a channel for reads, one at a time. Never {@code autoRead}: on epoll unread bytes still arrive after it is
 * switched off, and with it on a read takes up to sixteen buffers.
 *
 * <p>Who does not want bytes still wants to know whether the peer is there. Epoll and io_uring report a reset by
 * themselves; NIO only when asked to read, so while nothing is wanted a read is asked for now and then.
 *
 * <p>Belongs to the connection's event loop.
 */
final class ReadPump implements Runnable {
    private static final long PROBE_MILLIS = 1_000;

    private final ChannelHandlerContext ctx;
    private boolean pending;
    private boolean probing;
    private boolean stopped;

    ReadPump(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Asks for bytes, unless that was done already. */
    void read() {
        if (!pending && !stopped) {
            pending = true;
            ctx.read();
        }
    }

    /** What was asked for has arrived, or there was nothing. */
    void completed() {
        pending = false;
    }

    /** No bytes are wanted; looks later whether the peer is still there, if the bytes that may bring can be held. */
    void probe(boolean holdable) {
        if (holdable && !probing && !pending && !stopped) {
            probing = true;
            ScheduledFuture<?> unused = ctx.executor().schedule(this, PROBE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Asks for nothing from now on. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        probing = false;
        read();
    }
}
