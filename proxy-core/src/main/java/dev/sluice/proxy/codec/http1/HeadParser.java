package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads heads, one after the other, from what was received so far: first line by first line as the subclass knows it, then
 * the headers. Strict: what spec/reliability.md B forbids in the form of a head is refused here, what its headers mean is
 * for {@link RequestHeadReader} and {@link ResponseHeadReader}.
 *
 * <p>A line is read once it is complete. Its bytes are copied to an array of the thread first: looking at them there costs
 * a fraction of what asking the buffer for each does. One instance a connection, on its event loop.
 */
abstract class HeadParser {
    private static final int MAX_EMPTY_LINES = 2;

    /** Where lines are looked at; nearly every head is shorter. */
    private static final FastThreadLocal<byte[]> LINES = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[4 * 1_024];
        }
    };

    private final WireLimits limits;
    private final FieldParser fields;
    private boolean started;
    private boolean complete;
    private int emptyLines;
    /** Bytes of the line in progress that were looked at and hold no line feed. */
    private int scanned;

    HeadParser(WireLimits limits, boolean ofRequest) {
        this.limits = limits;
        this.fields = new FieldParser(limits, ofRequest);
    }

    /**
     * Reads on.
     *
     * @param in its reader index moves over the lines that were taken
     * @return whether the head is complete; false when more bytes are needed
     * @throws Refusal when it must not pass; nothing must be read after it
     */
    public final boolean read(ByteBuf in) {
        if (complete) {
            complete = false;
            started = false;
            emptyLines = 0;
        }
        while (!complete && in.isReadable()) {
            int start = in.readerIndex();
            int readable = in.readableBytes();
            int needed = scanned == 0 ? 1 : lineEnd(in, start, readable);
            if (needed == 0) {
                return false;
            }
            byte[] lines = LINES.get();
            if (needed > lines.length) {
                lines = new byte[needed];
            }
            int count = Math.min(readable, lines.length);
            in.getBytes(start, lines, 0, count);
            int taken = parse(lines, count);
            in.readerIndex(start + taken);
            scanned = complete ? 0 : count - taken;
        }
        return complete;
    }

    /** Length of the line that {@code scanned} bytes are known of, with its line feed; 0 when it is not complete. */
    private int lineEnd(ByteBuf in, int start, int readable) {
        int feed = in.indexOf(start + scanned, start + readable, (byte) '\n');
        // Of a line that is too long nothing but that is told, wherever it may end.
        int length = feed < 0 ? readable : feed - 1 - start;
        if (started) {
            fields.requireRoom(length);
        } else if (length > limits.maxLineBytes()) {
            throw new Refusal(
                    ErrorCode.URI_TOO_LONG, "more than " + limits.maxLineBytes() + " bytes in the first line");
        }
        if (feed < 0) {
            scanned = readable;
            return 0;
        }
        return feed - start + 1;
    }

    private int parse(byte[] lines, int count) {
        int at = 0;
        if (!started) {
            at = skipEmptyLines(lines, count);
            int next = firstLine(lines, at, count);
            if (next == at) {
                return at;
            }
            if (next - 2 - at > limits.maxLineBytes()) {
                throw new Refusal(
                        ErrorCode.URI_TOO_LONG, "more than " + limits.maxLineBytes() + " bytes in the first line");
            }
            at = next;
            started = true;
            fields.start(H1Headers.lent());
        }
        at = fields.read(lines, at, count);
        if (fields.isEnded()) {
            complete = true;
        }
        return at;
    }

    /** A few of them ahead of a message are no harm (RFC 9112 section 2.2). */
    private int skipEmptyLines(byte[] lines, int count) {
        int at = 0;
        while (at + 1 < count && lines[at] == '\r' && lines[at + 1] == '\n') {
            if (++emptyLines > MAX_EMPTY_LINES) {
                throw malformed("empty lines where a message should begin");
            }
            at += 2;
        }
        return at;
    }

    /**
     * Reads the first line of {@code lines[at, end)}, its line end included; {@code at < end} need not hold.
     *
     * @return what follows it; {@code at} when it is not complete
     */
    abstract int firstLine(byte[] lines, int at, int end);

    /** Headers of the head that was read last, also of one that was refused, as far as they were read. */
    final H1Headers headers() {
        return fields.headers();
    }

    /** Marks of the head that was read last, see {@link HeaderMarks}. */
    final int marks() {
        return fields.marks();
    }

    /** Whether the first line of the head that was read last was well-formed, whatever came after it. */
    final boolean hasFirstLine() {
        return started;
    }

    /** Whether part of a head was read and the rest of it is awaited. */
    public final boolean isInsideHead() {
        return started && !complete;
    }

    /** Whether {@code lines[at]} is the line end. */
    static boolean isLineEnd(byte[] lines, int at) {
        return lines[at] == '\r' && lines[at + 1] == '\n';
    }

    static Refusal malformed(String detail) {
        return new Refusal(ErrorCode.BAD_REQUEST, detail);
    }
}
