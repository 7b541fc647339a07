package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.BodyParser;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.ResponseHeadReader;
import dev.sluice.proxy.codec.http1.ResponseParser;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;

/**
 * Makes responses of the bytes that {@link H1ClientConnection} received, piece by piece, and refuses what
 * spec/reliability.md B4 refuses. Belongs to the connection's event loop.
 */
final class H1ResponseFeed {
    private final H1ClientConnection connection;
    private final HeldBytes held;
    private final ResponseParser parser;
    private final BodyParser body;
    private final ResponseHeadReader headReader;
    private boolean running;

    H1ResponseFeed(H1ClientConnection connection, HeldBytes held, CodecLimits limits) {
        this.connection = connection;
        this.held = held;
        this.parser = new ResponseParser(limits.wire());
        this.body = new BodyParser(limits.wire(), false);
        this.headReader = new ResponseHeadReader(body);
    }

    /** The response that comes next answers a HEAD request, if {@code head}. */
    void expect(boolean head) {
        parser.expect(head);
    }

    /** The body of the response in flight ends where the connection does. */
    boolean isUntilClose() {
        return headReader.untilClose();
    }

    /** Seconds of the last response's {@code Keep-Alive: timeout}; -1 for none. */
    int idleSeconds() {
        return headReader.idleSeconds();
    }

    /** Hands on what it can of what was received; false when it is just doing so. */
    boolean run() {
        if (running) {
            return false;
        }
        running = true;
        try {
            boolean more = true;
            while (more) {
                H1ClientStream current = connection.current();
                more = current != null && !current.isPaused() && !held.isEmpty() && step(current);
            }
        } finally {
            running = false;
        }
        return true;
    }

    private boolean step(H1ClientStream current) {
        if (current.isTunnel()) {
            current.responseData(held.takeAll(), false);
            return true;
        }
        try {
            return body.isOpen() ? body(current) : head(current);
        } catch (Refusal refusal) {
            refuse(refusal);
            return true;
        }
    }

    private boolean head(H1ClientStream current) {
        if (!parser.read(held.view())) {
            return false;
        }
        ResponseHead head = headReader.read(parser, current.upgrade());
        if (head.status() == 101 && !current.isKeyAnswered(head)) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "sec-websocket-accept does not fit the key");
        }
        if (head.isInformational()) {
            if (!current.informational(head)) {
                throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "too many informational responses");
            }
        } else if (head.status() == 101) {
            current.startTunnel(head);
        } else if (isIdleTimeout(current, head)) {
            connection.fail(connection.closed(
                    ProxyError.RetryVerdict.REUSED_CONNECTION, "408 to a connection that had been idle"));
        } else {
            if (!headReader.keepAlive()) {
                connection.upstreamCloses();
            }
            boolean last = !body.isOpen();
            if (last) {
                connection.detach(current);
            }
            current.responseHead(head, last);
            if (last) {
                connection.free();
            }
        }
        return true;
    }

    /**
     * A server that closes an idle connection with a 408 may do so when a request is already under way (B39). With the
     * whole request sent and the server closing, it cannot be meant for the request.
     */
    private boolean isIdleTimeout(H1ClientStream current, ResponseHead head) {
        return head.status() == 408 && current.isReused() && current.isRequestEnded() && !headReader.keepAlive();
    }

    private boolean body(H1ClientStream current) {
        int size = body.read(held.view());
        boolean last = !body.isOpen();
        if (size == 0 && !last) {
            return false;
        }
        ByteBuf data = held.take(size);
        if (!last) {
            connection.expect(body.left());
            current.responseData(data, false);
            return true;
        }
        Headers trailers = body.trailers();
        connection.detach(current);
        if (trailers == null) {
            current.responseData(data, true);
        } else {
            data.release();
            current.responseTrailers(trailers);
        }
        connection.free();
        return true;
    }

    private void refuse(Refusal refusal) {
        connection.fail(ProxyError.upstream(ErrorCode.UPSTREAM_PROTOCOL, refusal.detail()));
    }
}
