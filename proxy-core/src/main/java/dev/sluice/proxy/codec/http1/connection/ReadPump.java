package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.overload.PeerReset;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Asks a channel for reads, one at a time. Never {@code autoRead}: on epoll unread bytes still arrive after it is
 * switched off, and with it on a read takes up to sixteen buffers.
 *
 * <p>Who does not want bytes still wants to know whether the peer is there. A read tells, so while nothing is wanted one is
 * asked for now and then; but of a reset only behind the last byte that was sent before it, so where no more bytes can be
 * held the system is asked ({@link PeerReset}).
 *
 * <p>Belongs to the connection's event loop.
 */
final class ReadPump implements Runnable {
    private static final long PROBE_MILLIS = 1_000;

    private final ChannelHandlerContext ctx;
    private final boolean resetIsAll;
    private boolean pending;
    private boolean probing;
    private boolean holdable;
    private boolean stopped;

    /** @param resetIsAll whether what was sent before a reset is worth nothing after it: a request, not a response */
    ReadPump(ChannelHandlerContext ctx, boolean resetIsAll) {
        this.ctx = ctx;
        this.resetIsAll = resetIsAll;
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

    /**
     * No bytes are wanted; looks later whether the peer is still there.
     *
     * @param canHold whether the bytes that a read may bring can be held
     */
    void probe(boolean canHold) {
        holdable = canHold;
        if ((canHold || resetIsAll) && !probing && !pending && !stopped) {
            probing = true;
            ScheduledFuture<?> unused = ctx.executor().schedule(this, PROBE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The peer has ended its side, so no read will tell any more that it has gone, not even by a reset: looks for one, and
     * has the system find out.
     */
    void watch() {
        pending = false;
        PeerReset.watch(ctx.channel());
        probe(false);
    }

    /** Asks for nothing from now on. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        probing = false;
        if (holdable) {
            read();
        } else if (!pending && !stopped) {
            IOException reset = PeerReset.of(ctx.channel());
            if (reset != null) {
                ctx.pipeline().fireExceptionCaught(reset);
            } else {
                probe(false);
            }
        }
    }
}
