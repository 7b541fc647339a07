package dev.sluice.proxy.stream;

import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;

/** Takes one message's body. Called on the stream's event loop, in the order that {@code package-info} gives. */
public interface BodyReader {
    /** A piece of the body; the reader releases it. {@code data} may be empty when {@code last}. */
    void onData(ByteBuf data, boolean last);

    /** Trailers; they end the message. */
    void onTrailers(Headers trailers);

    /** The stream ended in both directions before the message did. */
    void onReset(ProxyError error);
}
