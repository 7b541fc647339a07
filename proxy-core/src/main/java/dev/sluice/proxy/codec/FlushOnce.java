package dev.sluice.proxy.codec;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/**
 * Flushes a channel once per turn of its event loop, however much was written in it: a system call is what a small
 * response costs most. What is written while the channel itself is being read goes out at {@link #endRead}; what is
 * written because another channel was read, in a task that the loop runs before it waits again.
 *
 * <p>Belongs to the channel's event loop.
 */
final class FlushOnce implements Runnable {
    private final ChannelHandlerContext ctx;
    private boolean reading;
    private boolean dirty;
    private boolean scheduled;
    private int flushes;

    FlushOnce(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** A read of the channel begins; {@link #endRead} follows for certain. */
    void beginRead() {
        reading = true;
    }

    /** The read is over: flushes what was written. */
    void endRead() {
        reading = false;
        if (dirty) {
            now();
        }
    }

    /**
     * Writes without a promise; a failure arrives at {@code exceptionCaught}.
     *
     * @param message given away
     */
    void write(Object message) {
        // A void promise: nobody waits for one write, and an object per write is what it saves.
        ChannelFuture unused = ctx.write(message, ctx.voidPromise());
        written();
    }

    /**
     * Something was written. A channel that is full is flushed at once: most often the socket takes it all, and its
     * writer never needs to be stopped.
     */
    void written() {
        dirty = true;
        if (!ctx.channel().isWritable()) {
            now();
        } else if (!reading && !scheduled) {
            scheduled = true;
            ctx.executor().execute(this);
        }
    }

    /** Flushes at once. */
    void now() {
        dirty = false;
        flushes++;
        ctx.flush();
    }

    /** How often it was flushed: what was written at an earlier count may have been sent. */
    int flushes() {
        return flushes;
    }

    @Override
    public void run() {
        scheduled = false;
        if (dirty) {
            now();
        }
    }
}
