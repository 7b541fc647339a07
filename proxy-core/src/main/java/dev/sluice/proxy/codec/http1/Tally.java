package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import io.netty.handler.codec.http.HttpMessageDecoderResult;

/**
 * Counts what Netty's decoder does not: header lines, lines folded into others, and the bytes of chunk extensions. One
 * for each decoder, fed by the hooks that it calls for each line.
 */
final class Tally {
    /** Size in hexadecimal and two line ends: what one chunk needs. More is an extension, or leading zeros. */
    private static final int CHUNK_OVERHEAD = 12;

    private final WireLimits limits;
    private boolean inHead = true;
    private int marks;
    private int fields;
    private int trailers;
    private long headBytes;
    private int extensionBytes;

    Tally(WireLimits limits) {
        this.limits = limits;
    }

    /** A request or status line was read. */
    void startMessage() {
        marks = 0;
        fields = 0;
        trailers = 0;
        extensionBytes = 0;
    }

    /** A line with a header's or a trailer's name was split. */
    void field(byte[] line, int start, int length) {
        if (!inHead) {
            trailers++;
        } else {
            fields++;
            int mark = HeaderMarks.of(line, start, length);
            if (mark != 0) {
                marks = HeaderMarks.add(marks, mark);
            }
        }
        if (fields > limits.maxHeaders() || trailers > limits.maxHeaders()) {
            throw new Refusal(ErrorCode.HEADERS_TOO_LARGE, "more than " + limits.maxHeaders() + " headers");
        }
    }

    /** The decoder took {@code bytes} of a head that is not complete yet, or is now. */
    void headBytes(int bytes) {
        headBytes += bytes;
    }

    /** The head is complete, the body begins. */
    void endHead() {
        inHead = false;
        headBytes = 0;
    }

    /** The message is complete, the next begins. */
    void endMessage() {
        inHead = true;
    }

    /**
     * Whether lines were folded into others (obs-fold): Netty joins them without telling, but then fewer names were split
     * than line ends taken.
     */
    boolean isFolded(HttpMessageDecoderResult head) {
        int lineEnds = 2 * (fields + 2);
        return headBytes != (long) head.totalSize() + lineEnds;
    }

    /** Of a chunked body the decoder took {@code bytes} that are not data. */
    void chunkOverhead(int bytes) {
        int extension = bytes - CHUNK_OVERHEAD;
        if (extension <= 0 || trailers > 0) {
            return;
        }
        extensionBytes += extension;
        if (extension > limits.maxExtensionBytes() || extensionBytes > limits.maxExtensionBytesPerBody()) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "chunk extensions are too long");
        }
    }

    /** What the last head held, see {@link HeaderMarks}. */
    int marks() {
        return marks;
    }

    /** A head is being read, as opposed to a body. */
    boolean inHead() {
        return inHead;
    }

    /** Some of a head was read. */
    boolean isHeadStarted() {
        return headBytes > 0;
    }
}
