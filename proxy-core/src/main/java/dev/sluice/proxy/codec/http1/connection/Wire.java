package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.overload.ReadSizes;
import dev.sluice.proxy.overload.TakenSignal;
import dev.sluice.proxy.tls.TlsEnds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.Consumer;

/**
 * An HTTP/1 connection's channel, as those who read and write messages on it see it.
 *
 * @param flush flushes once a turn
 * @param out writes bytes; {@link FlushOnce#write}, made once
 * @param reads asks for bytes
 * @param held received bytes whose turn has not come
 * @param readAhead how many of them are read without being wanted
 * @param taken tells when the socket has taken everything
 * @param writable run when a writer may go on that was told to wait although the channel takes more
 */
record Wire(
        ChannelHandlerContext ctx,
        FlushOnce flush,
        Consumer<ByteBuf> out,
        ReadPump reads,
        HeldBytes held,
        int readAhead,
        TakenSignal taken,
        Runnable writable) {

    /**
     * The wire of the channel that {@code ctx} belongs to, set up as {@code buffers} says and to be read by hand.
     *
     * @param downstream whether it leads to a client
     */
    static Wire of(ChannelHandlerContext ctx, CodecLimits.Buffers buffers, boolean downstream, Runnable writable) {
        ChannelConfig config = ctx.channel().config();
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(buffers.writeLow(), buffers.writeHigh()));
        FlushOnce flush = new FlushOnce(ctx);
        return new Wire(
                ctx,
                flush,
                flush::write,
                new ReadPump(ctx, downstream),
                new HeldBytes(),
                buffers.readAhead(),
                new TakenSignal(),
                writable);
    }

    /**
     * Asks for bytes if they are wanted now, or if few are held. Else looks from time to time whether the peer is still
     * there, as far as the bytes that may come by it can be held.
     */
    void read(boolean wanted) {
        if (wanted || held.isEmpty() || (held.size() < readAhead && !memory().isTight())) {
            // One that is wanted by nobody, too: it tells that the peer has gone.
            reads.read();
        } else {
            reads.probe(held.size() < 4 * readAhead && !memory().isTight());
        }
    }

    /** So many bytes are still to come of a message. */
    void expect(long bytes) {
        ReadSizes.expect(ctx.channel(), bytes);
    }

    /** That all connections of the loop share. */
    LoopMemory memory() {
        return LoopMemory.of(ctx.executor());
    }

    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    /** Whether more may be written. While memory is short that is when the socket has taken all that was. */
    boolean isWritable() {
        if (!ctx.channel().isWritable()) {
            return false;
        }
        if (!memory().isTight()) {
            return true;
        }
        flush.pass();
        return taken.isTaken(ctx, writable);
    }

    /** Bytes of the connection that are in memory now. */
    long heldBytes() {
        return held.size() + MemoryHolder.unsentBytes(ctx.channel());
    }

    /** Runs {@code task} when the work that is being done now is over. */
    void later(Runnable task) {
        ctx.executor().execute(task);
    }

    /** Flushes at once; done when all that was written is sent. */
    ChannelFuture flushAll() {
        flush.pass();
        return ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** Announces the end of our side, once what was written is sent; the peer may go on. */
    void endOutput() {
        // By a FIN alone in TLS, too: behind a close_notify of ours its engines drop what the peer still says.
        ChannelFuture written = flushAll();
        written.addListener(done -> {
            if (ctx.channel() instanceof DuplexChannel duplex) {
                ChannelFuture unused = duplex.shutdownOutput();
            }
        });
    }

    /** Sends what was written, then closes. */
    void closeAfterFlush() {
        ChannelFuture written = flushAll();
        written.addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes at once; what was not flushed is lost. */
    void close() {
        ChannelFuture unused = ctx.close();
    }

    /**
     * Makes the next close a reset: where the end of the connection is the end of a body, a FIN, or TLS's word for it, would
     * complete it.
     */
    void resetOnClose() {
        TlsEnds.silence(ctx.channel());
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
}
