package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.HopByHop;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.ResponseHeadReader;
import dev.sluice.proxy.codec.http1.ResponseParser;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes responses of the bytes that {@link H1ClientHandler} received, piece by piece, and refuses what
 * spec/reliability.md B4 refuses. Belongs to the connection's event loop.
 */
final class H1ResponseFeed {
    private final H1ClientHandler connection;
    private final HeldBytes held;
    private final ResponseParser parser;
    private final ResponseHeadReader headReader = new ResponseHeadReader();
    private final List<Object> pieces = new ArrayList<>(4);
    private boolean running;

    H1ResponseFeed(H1ClientHandler connection, HeldBytes held, CodecLimits limits) {
        this.connection = connection;
        this.held = held;
        this.parser = new ResponseParser(limits.wire());
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
        boolean taken = parser.read(held.view(), pieces);
        int i = 0;
        try {
            while (i < pieces.size()) {
                Object piece = pieces.get(i++);
                if (connection.current() != current) {
                    ReferenceCountUtil.release(piece);
                } else if (piece instanceof HttpResponse response) {
                    boolean last = i < pieces.size() && pieces.get(i) instanceof LastHttpContent;
                    i += last ? 1 : 0;
                    head(current, response, last);
                } else {
                    body(current, (HttpContent) piece);
                }
            }
        } finally {
            while (i < pieces.size()) {
                ReferenceCountUtil.release(pieces.get(i++));
            }
            pieces.clear();
        }
        return taken;
    }

    /** Nothing will be read any more. */
    void release() {
        parser.release();
    }

    private void head(H1ClientStream current, HttpResponse response, boolean last) {
        ResponseHead head;
        try {
            if (response.decoderResult().isFailure()) {
                ReferenceCountUtil.release(response);
                throw Refusal.of(response.decoderResult().cause());
            }
            head = headReader.read(response, parser, current.isToHead(), current.upgrade());
            if (head.status() == 101 && !current.isKeyAnswered(head)) {
                throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "sec-websocket-accept does not fit the key");
            }
        } catch (Refusal refusal) {
            refuse(refusal);
            return;
        }
        if (head.isInformational()) {
            if (!current.informational(head)) {
                refuse(new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "too many informational responses"));
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
            if (last) {
                connection.detach(current);
            }
            current.responseHead(head, last);
            if (last) {
                connection.free();
            }
        }
    }

    /**
     * A server that closes an idle connection with a 408 may do so when a request is already under way (B39). With the
     * whole request sent and the server closing, it cannot be meant for the request.
     */
    private boolean isIdleTimeout(H1ClientStream current, ResponseHead head) {
        return head.status() == 408 && current.isReused() && current.isRequestEnded() && !headReader.keepAlive();
    }

    private void body(H1ClientStream current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            refuse(Refusal.of(content.decoderResult().cause()));
        } else if (content instanceof LastHttpContent end) {
            HttpHeaders trailers = end.trailingHeaders();
            HopByHop.stripTrailers(trailers);
            connection.detach(current);
            if (trailers.isEmpty()) {
                current.responseData(content.content(), true);
            } else {
                content.release();
                current.responseTrailers(new H1Headers(trailers));
            }
            connection.free();
        } else {
            current.responseData(content.content(), false);
        }
    }

    private void refuse(Refusal refusal) {
        connection.fail(ProxyError.upstream(ErrorCode.UPSTREAM_PROTOCOL, refusal.detail()));
    }
}
