package dev.sluice.proxy.stream;

import org.jspecify.annotations.Nullable;

/** What a server codec hands its requests to; one per listener, shared by its event loops. */
public interface ServerStreamHandler {
    /**
     * A request head arrived and is well-formed.
     *
     * @param last no body and no trailers follow
     * @return takes the rest of the request
     */
    RequestReader onRequest(RequestHead head, boolean last, ServerStream stream);

    /**
     * A request was refused by the codec (spec/reliability.md B). The handler answers through {@code stream} and records
     * it; the codec discards the rest and closes the connection where framing is in doubt.
     *
     * @param head what could be read of it; null when not even the request line could
     */
    void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream);

    /**
     * A request was so malformed that the codec has reset its stream: there is nothing left to answer, and the handler
     * records it if it records anything.
     *
     * @param head what could be read of it
     * @param stream takes no response
     */
    default void onResetRequest(ProxyError error, RequestHead head, ServerStream stream) {}
}
