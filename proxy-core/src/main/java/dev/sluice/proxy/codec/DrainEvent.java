package dev.sluice.proxy.codec;

/**
 * User event by which a listener tells the server codec of a connection that the process goes away. Fired on the
 * channel's pipeline, {@link #ANNOUNCE} first.
 *
 * <p>Two steps, because a connection that is closed while the client writes its next request fails that request.
 */
public enum DrainEvent {
    /** HTTP/1: the next response says {@code Connection: close}. HTTP/2: GOAWAY with the highest stream id. */
    ANNOUNCE,
    /** HTTP/1: closes the connection if no request is in flight. HTTP/2: GOAWAY with the last stream that was taken. */
    CLOSE_IDLE
}
