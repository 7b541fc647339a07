package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Writes the two frames that requests and responses are made of, HEADERS and DATA, one behind the other into a buffer that
 * is given to the channel when it is full, when something else is written, and before each flush ({@link #pass}). A busy
 * connection sends dozens of small frames in a turn of the loop, and a buffer, an entry of the channel's queue and one of
 * its gather list for each cost more than copying them. Everything else is Netty's to write.
 *
 * <p>Nothing is flushed. A failed write reaches {@code exceptionCaught}.
 */
public final class FrameWriter extends DefaultHttp2FrameWriter {
    /** Copying this much costs less than a buffer of its own and a longer gather list. */
    private static final int COPY_BYTES = 1024;

    private static final int FRAME_HEADER = 9;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int LEAST = 512;
    private static final int MOST = 16 * 1024;

    private final HpackWriter hpack;
    /** Frames that the channel was not given yet. */
    private @Nullable ByteBuf batch;

    private int expected = LEAST;
    private boolean closed;

    /** A writer that takes the peer's header list limit for the advice that it is (B62). */
    public FrameWriter() {
        this(new HpackWriter());
    }

    private FrameWriter(HpackWriter hpack) {
        super(hpack);
        this.hpack = hpack;
    }

    /** Writes a header list as one HEADERS frame, or with CONTINUATION frames where it does not fit. */
    public void headers(ChannelHandlerContext ctx, int streamId, SentBlock headers, boolean end) {
        int length = hpack.write(headers);
        byte[] block = hpack.bytes();
        int flags = end ? END_STREAM : 0;
        byte type = Http2FrameTypes.HEADERS;
        int at = 0;
        do {
            int part = Math.min(length - at, maxFrameSize());
            flags |= at + part == length ? END_HEADERS : 0;
            ByteBuf to = frame(ctx, part, FRAME_HEADER + part, type, flags, streamId);
            to.writeBytes(block, at, part);
            at += part;
            flags = 0;
            type = Http2FrameTypes.CONTINUATION;
        } while (at < length);
        hpack.forget();
        written(ctx);
    }

    /**
     * Writes one DATA frame.
     *
     * @param pieces the payload is taken from here
     * @param length of the payload, at most {@link #maxFrameSize()} and what {@code pieces} holds
     */
    public void data(ChannelHandlerContext ctx, int streamId, PieceQueue pieces, int length, boolean end) {
        boolean copy = length <= COPY_BYTES;
        int room = copy ? FRAME_HEADER + length : FRAME_HEADER;
        ByteBuf to = frame(ctx, length, room, Http2FrameTypes.DATA, end ? END_STREAM : 0, streamId);
        if (copy) {
            pieces.moveTo(to, length);
            written(ctx);
            return;
        }
        pass(ctx);
        for (int left = length; left > 0; ) {
            ByteBuf piece = pieces.take(left);
            left -= piece.readableBytes();
            write(ctx, piece);
        }
    }

    /** Gives the channel what was written so far, for who writes to it without this, or flushes it. */
    public void pass(ChannelHandlerContext ctx) {
        ByteBuf full = batch;
        if (full != null) {
            batch = null;
            // A moving average with room to spare.
            int size = Math.min(full.readableBytes(), MOST);
            expected = Math.max(LEAST, (expected * 3 + size * 5 / 4) / 4);
            write(ctx, full);
        }
    }

    /** The channel is gone: what was not passed on is lost. */
    @Override
    public void close() {
        closed = true;
        ByteBuf lost = batch;
        batch = null;
        if (lost != null) {
            lost.release();
        }
        super.close();
    }

    /**
     * Writes the header of a frame.
     *
     * @param room to be had from the header on
     */
    private ByteBuf frame(ChannelHandlerContext ctx, int length, int room, byte type, int flags, int streamId) {
        ByteBuf to = batch;
        if (to == null || to.writableBytes() < room) {
            pass(ctx);
            to = ctx.alloc().buffer(Math.max(expected, room));
            batch = to;
        }
        to.writeMedium(length);
        to.writeByte(type);
        to.writeByte(flags);
        to.writeInt(streamId);
        return to;
    }

    /** Behind the close there is no flush: nothing may stay. */
    private void written(ChannelHandlerContext ctx) {
        if (closed) {
            pass(ctx);
        }
    }

    private static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        ChannelFuture unused = ctx.write(bytes, ctx.voidPromise());
    }

    // ---- Netty's own frames, behind ours

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end, ChannelPromise promise) {
        pass(ctx);
        return super.writeData(ctx, streamId, data, padding, end, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean end,
            ChannelPromise promise) {
        pass(ctx);
        return super.writeHeaders(ctx, streamId, headers, padding, end, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end,
            ChannelPromise promise) {
        pass(ctx);
        return super.writeHeaders(ctx, streamId, headers, streamDependency, weight, exclusive, padding, end, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext ctx,
            int streamId,
            int streamDependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        pass(ctx);
        return super.writePriority(ctx, streamId, streamDependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext ctx, int streamId, long code, ChannelPromise promise) {
        pass(ctx);
        return super.writeRstStream(ctx, streamId, code, promise);
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        pass(ctx);
        return super.writeSettings(ctx, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        pass(ctx);
        return super.writeSettingsAck(ctx, promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        pass(ctx);
        return super.writePing(ctx, ack, data, promise);
    }

    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext ctx,
            int streamId,
            int promisedStreamId,
            Http2Headers headers,
            int padding,
            ChannelPromise promise) {
        pass(ctx);
        return super.writePushPromise(ctx, streamId, promisedStreamId, headers, padding, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext ctx, int lastStreamId, long code, ByteBuf debugData, ChannelPromise promise) {
        pass(ctx);
        return super.writeGoAway(ctx, lastStreamId, code, debugData, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext ctx, int streamId, int increment, ChannelPromise promise) {
        pass(ctx);
        return super.writeWindowUpdate(ctx, streamId, increment, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext ctx,
            byte frameType,
            int streamId,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        pass(ctx);
        return super.writeFrame(ctx, frameType, streamId, flags, payload, promise);
    }
}
