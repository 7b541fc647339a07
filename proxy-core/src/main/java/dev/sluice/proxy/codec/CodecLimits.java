package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.WireLimits;

/**
 * What one connection may cost, for both protocols; Envoy's edge profile where it has a value (spec/reliability.md A1,
 * A4). Immutable; any thread.
 *
 * @param head of a message
 * @param chunks of chunked bodies
 * @param times how long a connection may take
 * @param buffers what is held of a connection
 */
public record CodecLimits(Head head, Chunks chunks, Times times, Buffers buffers) {
    /** The limits of A1 and A4. */
    public static final CodecLimits DEFAULT = new CodecLimits(
            new Head(61_440, 61_440, 100, 32),
            new Chunks(4_096, 16_384),
            new Times(60_000, 3_600_000, 1_000),
            new Buffers(32_768, 65_536, 32_768, 65_536));

    /** The same with another {@link Times#idleMillis}. */
    public CodecLimits withIdleMillis(long idleMillis) {
        return new CodecLimits(head, chunks, new Times(times.headMillis(), idleMillis, times.lingerMillis()), buffers);
    }

    /** What of it concerns HTTP/1's text. */
    public WireLimits wire() {
        return new WireLimits(
                head.maxLineBytes(),
                head.maxHeaderBytes(),
                head.maxHeaders(),
                chunks.maxExtensionBytes(),
                chunks.maxExtensionBytesPerBody());
    }

    /**
     * Limits of a message's head.
     *
     * @param maxLineBytes request or status line; longer is 414
     * @param maxHeaderBytes all headers, names and values; more is 431, from an upstream 502
     * @param maxHeaders number of headers, and of trailers; more is 431, from an upstream 502
     * @param maxInformational 1xx responses before the final one; more is 502
     */
    public record Head(int maxLineBytes, int maxHeaderBytes, int maxHeaders, int maxInformational) {}

    /**
     * Limits of what a chunked body may carry besides data.
     *
     * @param maxExtensionBytes extensions of one chunk
     * @param maxExtensionBytesPerBody extensions of all chunks of a body
     */
    public record Chunks(int maxExtensionBytes, int maxExtensionBytesPerBody) {}

    /**
     * Times, in milliseconds.
     *
     * @param headMillis from the first byte of a request head to its last; then 408, and in HTTP/2 GOAWAY
     * @param idleMillis a connection, or a tunnel, on which nothing happens
     * @param lingerMillis how long a closing connection still takes what the client sends, so that the client reads the
     *     response instead of a reset
     */
    public record Times(long headMillis, long idleMillis, long lingerMillis) {}

    /**
     * Buffers of a connection, in bytes.
     *
     * @param readAhead received bytes that nobody takes yet (pipelined requests, a paused body); reading stops there
     * @param linger what a closing connection takes at most, see {@link Times#lingerMillis}
     * @param writeLow written bytes at which a writer becomes writable again
     * @param writeHigh written bytes at which it stops being so
     */
    public record Buffers(int readAhead, int linger, int writeLow, int writeHigh) {}
}
