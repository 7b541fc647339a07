package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.HopByHop;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.RequestHeadReader;
import dev.sluice.proxy.codec.http1.RequestParser;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of the bytes that {@link H1ServerConnection} received, piece by piece, and refuses what
 * spec/reliability.md B1 to B3 refuses. Belongs to the connection's event loop.
 */
final class H1RequestFeed {
    private final H1ServerConnection connection;
    private final ServerStreamHandler requests;
    private final HeldBytes held;
    private final RequestParser parser;
    private final RequestHeadReader headReader = new RequestHeadReader();
    private final List<Object> pieces = new ArrayList<>(4);

    H1RequestFeed(H1ServerConnection connection, ServerStreamHandler requests, HeldBytes held, CodecLimits limits) {
        this.connection = connection;
        this.requests = requests;
        this.held = held;
        this.parser = new RequestParser(limits.wire());
    }

    /** Hands the next piece on; false when more bytes are needed. */
    boolean step() {
        boolean taken = parser.read(held.view(), pieces);
        int i = 0;
        try {
            while (i < pieces.size()) {
                Object piece = pieces.get(i++);
                if (piece instanceof HttpRequest request) {
                    boolean last = i < pieces.size() && pieces.get(i) instanceof LastHttpContent;
                    i += last ? 1 : 0;
                    begin(request, last);
                } else {
                    body((HttpContent) piece);
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

    /** Whether part of a head was read and the rest of it is awaited. */
    boolean isInsideHead() {
        return parser.isInsideHead();
    }

    /** Nothing will be read any more. */
    void release() {
        parser.release();
    }

    private void begin(HttpRequest request, boolean last) {
        RequestHead head;
        try {
            if (request.decoderResult().isFailure()) {
                ReferenceCountUtil.release(request);
                throw Refusal.of(request.decoderResult().cause());
            }
            head = headReader.read(request, parser, connection.client().isTls());
        } catch (Refusal refusal) {
            refuse(refusal, headReader.salvage(request, parser), last);
            return;
        }
        // A request to switch protocols stays open: what follows is the tunnel's, if there will be one.
        boolean ended = last && head.upgrade() == null;
        H1ServerStream stream = new H1ServerStream(
                connection, connection.wire(), head, headReader.keepAlive(), headReader.acceptsTrailers());
        if (ended) {
            stream.endRequest();
        }
        connection.opened(stream, last);
        stream.attach(requests.onRequest(head, ended, stream));
    }

    /** A head that does not become complete. */
    void refuse(ErrorCode code, String detail) {
        refuse(new Refusal(code, detail), null, true);
    }

    private void refuse(Refusal refusal, @Nullable RequestHead head, boolean last) {
        boolean keep = refusal.isFramingKnown() && headReader.keepAlive();
        H1ServerStream stream = new H1ServerStream(connection, connection.wire(), head, keep, false);
        if (last || !keep) {
            stream.endRequest();
        }
        connection.opened(stream, last || !keep);
        requests.onBadRequest(ProxyError.downstream(refusal.code(), refusal.detail()), head, stream);
    }

    private void body(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            connection.refuseBody(Refusal.of(content.decoderResult().cause()).detail());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        H1ServerStream reader = connection.bodyRead(last);
        if (reader == null) {
            content.release();
        } else if (!last) {
            reader.requestData(content.content(), false);
        } else {
            HttpHeaders trailers = ((LastHttpContent) content).trailingHeaders();
            HopByHop.stripTrailers(trailers);
            if (trailers.isEmpty()) {
                reader.requestData(content.content(), true);
            } else {
                content.release();
                reader.requestTrailers(new H1Headers(trailers));
            }
        }
    }
}
