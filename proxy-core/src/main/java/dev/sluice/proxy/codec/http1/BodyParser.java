package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the body of a message in what was received: takes the framing off and says how many bytes of data come next (RFC
 * 9112 sections 6 and 7). Chunk extensions are dropped, and limited. One instance a connection, on its event loop.
 */
public final class BodyParser {
    /** The largest read buffer's size: what was read at once is handed on in one piece. */
    private static final int MAX_PIECE = 1024 * 1024;
    /** What a chunk's size may take: more is an extension, or leading zeros. */
    private static final int SIZE_DIGITS = 8;

    private enum State {
        NONE,
        LENGTH,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS
    }

    private final WireLimits limits;
    private final ChunkSize size = new ChunkSize();
    private final TrailerParser trailers;
    private State state = State.NONE;
    private long left;
    private int extensionBytes;

    /** @param ofRequest whose trailers are never folded */
    public BodyParser(WireLimits limits, boolean ofRequest) {
        this.limits = limits;
        this.trailers = new TrailerParser(limits, ofRequest);
    }

    /** The message has no body. */
    void none() {
        trailers.start();
        state = State.NONE;
    }

    /** A body of {@code length} bytes follows. */
    void length(long length) {
        trailers.start();
        left = length;
        state = length == 0 ? State.NONE : State.LENGTH;
    }

    /** A body in chunks follows. */
    void chunked() {
        extensionBytes = 0;
        trailers.start();
        state = State.CHUNK_SIZE;
    }

    /** Everything up to the connection's end is the body. */
    void untilClose() {
        trailers.start();
        state = State.UNTIL_CLOSE;
    }

    /** Whether some of a body is still to come. */
    public boolean isOpen() {
        return state != State.NONE;
    }

    /** Bytes that are still to come of a body whose length is known; else as many as can be. */
    public long left() {
        return state == State.LENGTH ? left : Long.MAX_VALUE;
    }

    /** Whether the body ends where the connection does. */
    public boolean isUntilClose() {
        return state == State.UNTIL_CLOSE;
    }

    /** Trailers of the body that was read last, without those that may not be trailers; null for none. */
    public @Nullable H1Headers trailers() {
        return trailers.read();
    }

    /**
     * Reads on; {@link #isOpen} says whether the body goes on after it.
     *
     * @param in its reader index moves over framing
     * @return how many bytes of the body there are now, from the reader index on, which are to be taken at once; 0 when
     *     the body has ended without any, or more bytes are needed
     * @throws Refusal when the framing is broken
     */
    public int read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case NONE -> {
                    return 0;
                }
                case LENGTH -> {
                    return data(in, State.NONE);
                }
                case CHUNK_DATA -> {
                    return data(in, State.CHUNK_END);
                }
                case UNTIL_CLOSE -> {
                    return Math.min(in.readableBytes(), MAX_PIECE);
                }
                default -> {
                    if (!framing(in)) {
                        return 0;
                    }
                }
            }
        }
        return 0;
    }

    private int data(ByteBuf in, State after) {
        int piece = (int) Math.min(Math.min(in.readableBytes(), MAX_PIECE), left);
        left -= piece;
        if (left == 0) {
            state = after;
        }
        return piece;
    }

    /** Whether something was taken off that was not data. */
    private boolean framing(ByteBuf in) {
        return switch (state) {
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_END -> chunkEnd(in);
            default -> trailers(in);
        };
    }

    private boolean chunkSize(ByteBuf in) {
        int start = in.readerIndex();
        int feed = in.indexOf(start, in.writerIndex(), (byte) '\n');
        int length = feed < 0 ? in.readableBytes() : feed - 1 - start;
        int extension = Math.max(0, length - SIZE_DIGITS);
        if (extension > limits.maxExtensionBytes() || extension > limits.maxExtensionBytesPerBody() - extensionBytes) {
            throw malformed("chunk extensions are too long");
        }
        if (feed < 0) {
            return false;
        }
        if (length < 1 || in.getByte(feed - 1) != '\r') {
            throw malformed("no chunk size, or a line feed without a carriage return");
        }
        extensionBytes += extension;
        left = size.read(in, start, start + length);
        in.readerIndex(feed + 1);
        state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
        return true;
    }

    private boolean chunkEnd(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.readShort() != ('\r' << 8 | '\n')) {
            throw malformed("no line end after a chunk");
        }
        state = State.CHUNK_SIZE;
        return true;
    }

    private boolean trailers(ByteBuf in) {
        boolean ended = trailers.read(in);
        if (ended) {
            state = State.NONE;
        }
        return ended;
    }

    private static Refusal malformed(String detail) {
        return new Refusal(ErrorCode.BAD_REQUEST, detail);
    }
}
