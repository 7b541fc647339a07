package dev.sluice.proxy.codec.http1.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Flushes a channel once per turn of its event loop, however much was written in it: a system call is what a small
 * response costs most. What is written while the channel itself is being read goes out at {@link #endRead}; what is
 * written because another channel was read, in a task that the loop runs before it waits again.
 *
 * <p>Belongs to the channel's event loop.
 */
final class FlushOnce {
    private final ChannelHandlerContext ctx;
    private final FlushTurn turn;
    /** Written, but not given to the channel yet: what follows may still fit behind it. */
    private @Nullable ByteBuf head;

    private boolean reading;
    private boolean dirty;
    private boolean scheduled;
    private int flushes;

    FlushOnce(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.turn = FlushTurn.of(ctx.executor());
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
     * Writes without a promise; a failure arrives at {@code exceptionCaught}. What fits behind a head is copied there: one
     * buffer of a kilobyte or two is cheaper to send than two.
     *
     * @param bytes given away
     */
    void write(ByteBuf bytes) {
        ByteBuf before = head;
        int size = bytes.readableBytes();
        if (before != null && size <= before.writableBytes()) {
            before.writeBytes(bytes);
            bytes.release();
        } else {
            pass();
            pass(bytes);
        }
        written();
    }

    /**
     * Writes a head, as {@link #write}; small pieces that follow in the same turn go into the room behind it.
     *
     * @param bytes given away, nobody else's
     */
    void head(ByteBuf bytes) {
        pass();
        head = bytes;
        written();
    }

    /** Gives the channel what is held back, for who writes to it without this. */
    void pass() {
        ByteBuf held = head;
        head = null;
        if (held != null) {
            pass(held);
        }
    }

    private void pass(ByteBuf bytes) {
        // A void promise: nobody waits for one write, and an object per write is what it saves.
        ChannelFuture unused = ctx.write(bytes, ctx.voidPromise());
    }

    /** The channel is closed: what was not flushed is lost. */
    void drop() {
        ByteBuf held = head;
        head = null;
        if (held != null) {
            held.release();
        }
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
            turn.add(this);
        }
    }

    /** Flushes at once. */
    void now() {
        dirty = false;
        flushes++;
        if (ctx.channel().isOpen()) {
            pass();
        } else {
            drop();
        }
        ctx.flush();
    }

    /** Tells the channel of a failure that is its own. */
    void failed(Throwable cause) {
        ctx.pipeline().fireExceptionCaught(cause);
    }

    /** How often it was flushed: what was written at an earlier count may have been sent. */
    int flushes() {
        return flushes;
    }

    /** The turn of the loop is over. */
    void run() {
        scheduled = false;
        if (dirty) {
            now();
        }
    }
}
