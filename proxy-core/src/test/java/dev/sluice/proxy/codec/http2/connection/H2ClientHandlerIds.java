package dev.sluice.proxy.codec.http2.connection;

import io.netty.handler.codec.http2.Http2Exception;

/** Uses stream ids up, so that a test need not open a thousand million streams. */
final class H2ClientHandlerIds {
    private H2ClientHandlerIds() {}

    /** The next stream gets {@code id} + 2. */
    static void skipTo(H2ClientHandler handler, int id) {
        try {
            handler.connection().local().createStream(id, true).close();
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }
}
