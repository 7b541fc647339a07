package dev.sluice.proxy.stream;

import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;

/** Writes one message's body. Called on the stream's event loop only; after an end or a reset everything is a no-op. */
public interface BodyWriter {
    /** Writes a piece of the body and takes over its reference. */
    void data(ByteBuf data, boolean last);

    /** Writes trailers and ends the message; where the protocol or the peer cannot take them, ends it without. */
    void trailers(Headers trailers);

    /**
     * Ends the stream in both directions so that the peer cannot take the message for complete: HTTP/1 closes the
     * connection, HTTP/2 sends RST_STREAM. The other side's reader is not called back.
     */
    void reset(ProxyError error);

    /** False once enough is queued; the owner is told when it becomes true again. */
    boolean isWritable();
}
