package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one message's body is delimited on the wire (RFC 9112 section 6), and how much of it is still owed.
 */
public final class BodyFraming {
    /** The ways. */
    public enum Kind {
        /** Neither body nor framing; what is given is dropped (HEAD, 204, 304). */
        NONE,
        /** Content-Length. */
        LENGTH,
        /** Transfer-Encoding: chunked. */
        CHUNKED,
        /** The end of the connection is the end of the body; also a tunnel. */
        UNTIL_CLOSE
    }

    /** Below this a chunk is copied into one buffer with its frame: cheaper than three to write. */
    private static final int COPY_LIMIT = 512;

    /** A body up to this is copied behind its head. */
    private static final int ROOM_LIMIT = 2_048;

    private static final int CRLF = '\r' << 8 | '\n';
    private static final ByteBuf LINE_END = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");
    private static final ByteBuf LINE_END_AND_LAST_CHUNK = constant("\r\n0\r\n\r\n");

    private static final BodyFraming NONE = new BodyFraming(Kind.NONE, 0);
    private static final BodyFraming CHUNKED = new BodyFraming(Kind.CHUNKED, 0);
    private static final BodyFraming UNTIL_CLOSE = new BodyFraming(Kind.UNTIL_CLOSE, 0);

    private final Kind kind;
    private long left;

    private BodyFraming(Kind kind, long left) {
        this.kind = kind;
        this.left = left;
    }

    /** A body framed by something else than its length: nothing of it is counted, so one object does for all. */
    public static BodyFraming of(Kind kind) {
        return switch (kind) {
            case NONE -> NONE;
            case CHUNKED -> CHUNKED;
            case UNTIL_CLOSE -> UNTIL_CLOSE;
            case LENGTH -> throw new IllegalArgumentException("a length has to be given");
        };
    }

    /** A body of {@code length} bytes. */
    public static BodyFraming length(long length) {
        return new BodyFraming(Kind.LENGTH, length);
    }

    /** Bytes of the body that are worth copying behind its head, to be sent with it; 0 for a longer one. */
    public int room() {
        return kind == Kind.LENGTH && left <= ROOM_LIMIT ? (int) left : 0;
    }

    /** How it is delimited. */
    public Kind kind() {
        return kind;
    }

    /** Bytes still to be written of the declared length. */
    public long left() {
        return left;
    }

    /**
     * Frames a piece of the body.
     *
     * @param data given away
     * @param last whether the body ends with it
     * @param out takes what is to be written, in order
     * @return false when the piece does not fit the declared length; nothing was written then
     */
    public boolean data(ByteBufAllocator alloc, ByteBuf data, boolean last, Consumer<ByteBuf> out) {
        int size = data.readableBytes();
        if (kind == Kind.LENGTH && (size > left || (last && size < left))) {
            data.release();
            return false;
        }
        if (size == 0 || kind == Kind.NONE) {
            data.release();
            if (last && kind == Kind.CHUNKED) {
                out.accept(LAST_CHUNK.duplicate());
            }
            return true;
        }
        if (kind == Kind.CHUNKED) {
            chunk(alloc, data, size, last, out);
        } else {
            if (kind == Kind.LENGTH) {
                left -= size;
            }
            out.accept(data);
        }
        return true;
    }

    /**
     * Ends the body, with trailers where the framing has room for them.
     *
     * @param trailers null for none
     * @return false when the declared length was not reached; nothing was written then
     */
    public boolean end(ByteBufAllocator alloc, @Nullable H1Headers trailers, Consumer<ByteBuf> out) {
        if (kind != Kind.CHUNKED || trailers == null || trailers.size() == 0) {
            return data(alloc, Unpooled.EMPTY_BUFFER, true, out);
        }
        out.accept(HeadWriter.lastChunk(alloc, trailers));
        return true;
    }

    private static void chunk(ByteBufAllocator alloc, ByteBuf data, int size, boolean last, Consumer<ByteBuf> out) {
        ByteBuf lineEnd = last ? LINE_END_AND_LAST_CHUNK : LINE_END;
        if (size <= COPY_LIMIT) {
            ByteBuf chunk = alloc.buffer(size + 20);
            writeSize(chunk, size);
            chunk.writeBytes(data);
            data.release();
            chunk.writeBytes(lineEnd, 0, lineEnd.readableBytes());
            out.accept(chunk);
            return;
        }
        ByteBuf prefix = alloc.buffer(10);
        writeSize(prefix, size);
        out.accept(prefix);
        out.accept(data);
        out.accept(lineEnd.duplicate());
    }

    private static void writeSize(ByteBuf buffer, int size) {
        int shift = 28 - (Integer.numberOfLeadingZeros(size) & ~3);
        for (; shift >= 0; shift -= 4) {
            int digit = size >>> shift & 0xf;
            buffer.writeByte(digit < 10 ? '0' + digit : 'a' - 10 + digit);
        }
        ByteBufUtil.writeShortBE(buffer, CRLF);
    }

    private static ByteBuf constant(String text) {
        ByteBuf bytes = Unpooled.directBuffer(text.length());
        ByteBufUtil.writeAscii(bytes, text);
        return Unpooled.unreleasableBuffer(bytes).asReadOnly();
    }
}
