package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * Writes the two frames that requests and responses are made of, HEADERS and DATA, into as few buffers as possible: a
 * header block goes out in the buffer that it was encoded into, a small body piece in that of its frame header. Netty's
 * own methods take two buffers and two promises for each, and serve everything else.
 *
 * <p>Nothing is flushed. A failed write reaches {@code exceptionCaught}.
 */
public final class FrameWriter extends DefaultHttp2FrameWriter {
    /** Copying this much costs less than a buffer of its own and a longer gather list. */
    private static final int COPY_BYTES = 1024;

    private static final int FRAME_HEADER = 9;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int EXPECTED_BLOCK = 256;

    private final Http2HeadersEncoder headersEncoder;

    /** A writer that takes the peer's header list limit for the advice that it is (B62). */
    public FrameWriter() {
        this(new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true));
    }

    private FrameWriter(Http2HeadersEncoder headersEncoder) {
        super(headersEncoder);
        this.headersEncoder = headersEncoder;
    }

    /** Writes a header list as one HEADERS frame, or with CONTINUATION frames where it does not fit. */
    public void headers(ChannelHandlerContext ctx, int streamId, Http2Headers headers, boolean end)
            throws Http2Exception {
        ByteBuf block = ctx.alloc().buffer(EXPECTED_BLOCK);
        try {
            headersEncoder.encodeHeaders(streamId, headers, block.writerIndex(FRAME_HEADER));
        } catch (Http2Exception | RuntimeException e) {
            block.release();
            throw e;
        }
        int length = block.readableBytes() - FRAME_HEADER;
        int flags = end ? END_STREAM : 0;
        if (length <= maxFrameSize()) {
            setHeader(block, length, Http2FrameTypes.HEADERS, flags | END_HEADERS, streamId);
            write(ctx, block);
        } else {
            continued(ctx, streamId, block, flags);
        }
    }

    private void continued(ChannelHandlerContext ctx, int streamId, ByteBuf block, int flags) {
        int max = maxFrameSize();
        setHeader(block, max, Http2FrameTypes.HEADERS, flags, streamId);
        write(ctx, block.readRetainedSlice(FRAME_HEADER + max));
        while (block.isReadable()) {
            int next = Math.min(block.readableBytes(), max);
            ByteBuf header = ctx.alloc().buffer(FRAME_HEADER);
            int last = next == block.readableBytes() ? END_HEADERS : 0;
            setHeader(header, next, Http2FrameTypes.CONTINUATION, last, streamId);
            write(ctx, header.writerIndex(FRAME_HEADER));
            write(ctx, block.readRetainedSlice(next));
        }
        block.release();
    }

    /**
     * Writes one DATA frame.
     *
     * @param pieces the payload is taken from here
     * @param length of the payload, at most {@link #maxFrameSize()} and what {@code pieces} holds
     */
    public void data(ChannelHandlerContext ctx, int streamId, PieceQueue pieces, int length, boolean end) {
        boolean copy = length <= COPY_BYTES;
        ByteBuf frame = ctx.alloc().buffer(copy ? FRAME_HEADER + length : FRAME_HEADER);
        setHeader(frame, length, Http2FrameTypes.DATA, end ? END_STREAM : 0, streamId);
        frame.writerIndex(FRAME_HEADER);
        if (copy) {
            pieces.moveTo(frame, length);
            write(ctx, frame);
            return;
        }
        write(ctx, frame);
        for (int left = length; left > 0; ) {
            ByteBuf piece = pieces.take(left);
            left -= piece.readableBytes();
            write(ctx, piece);
        }
    }

    private static void setHeader(ByteBuf frame, int length, byte type, int flags, int streamId) {
        int start = frame.readerIndex();
        frame.setMedium(start, length);
        frame.setByte(start + 3, type);
        frame.setByte(start + 4, flags);
        frame.setInt(start + 5, streamId);
    }

    private static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        ChannelFuture unused = ctx.write(bytes, ctx.voidPromise());
    }
}
