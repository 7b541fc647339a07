package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Whether a header block is under way: a HEADERS or CONTINUATION frame of which not all has come, or one that is not the
 * block's last. No other frame may come in between (RFC 9113 section 4.3), and Netty's reader tells nobody of a block
 * before its end.
 *
 * <p>Follows the frames that the reader has consumed, by their lengths. Belongs to the connection's event loop.
 */
public final class OpenBlock {
    private static final int FLAGS_AT = 4;

    private int blocks;
    private boolean inBlock;
    private boolean lastOfBlock;
    /** Payload of the latest frame that the reader awaits: it consumes a payload as a whole. */
    private int awaited;

    OpenBlock() {}

    /** Which of the connection's header blocks is under way, counted from 1; 0 for none. */
    public int number() {
        return inBlock && (awaited > 0 || !lastOfBlock) ? blocks : 0;
    }

    /** The reader has consumed what {@code input} had from {@code from} on up to where it stands now. */
    void consumed(ByteBuf input, int from) {
        int end = input.readerIndex();
        int at = from + awaited;
        // After an error the reader throws away whatever comes, half a frame header too.
        while (end - at >= Http2CodecUtil.FRAME_HEADER_LENGTH) {
            int lengthAndType = input.getInt(at);
            frame((byte) lengthAndType, input.getByte(at + FLAGS_AT));
            at += Http2CodecUtil.FRAME_HEADER_LENGTH + (lengthAndType >>> Byte.SIZE);
        }
        awaited = Math.max(0, at - end);
    }

    private void frame(byte type, byte flags) {
        inBlock = type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
        lastOfBlock = (flags & Http2Flags.END_HEADERS) != 0;
        if (type == Http2FrameTypes.HEADERS) {
            blocks++;
        }
    }
}
