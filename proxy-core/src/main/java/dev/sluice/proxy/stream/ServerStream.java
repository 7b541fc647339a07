package dev.sluice.proxy.stream;

import io.netty.channel.EventLoop;

/**
 * Downstream end of one exchange, offered by a server codec: writes the response, gates the request.
 *
 * <p>The codec takes care of what the protocol asks: framing, HEAD and 204 without body, HTTP/1.0, pipelining order, the
 * connection's fate when the response ends before the request does. All methods on {@link #loop()} only.
 */
public interface ServerStream extends BodyWriter {
    /** Event loop of the connection. */
    EventLoop loop();

    /** The connection that carries it. */
    DownstreamConnection connection();

    /** Gate of the request body. */
    ReadGate requestGate();

    /** Relays a 1xx other than 101; dropped where the client's protocol has none. */
    void informational(ResponseHead head);

    /** Starts the response, once. {@code last} when it has neither body nor trailers. */
    void head(ResponseHead head, boolean last);
}
