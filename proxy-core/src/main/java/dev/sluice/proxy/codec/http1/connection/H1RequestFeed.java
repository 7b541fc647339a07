package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.BodyParser;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.RequestHeadReader;
import dev.sluice.proxy.codec.http1.RequestParser;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
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
    private final BodyParser body;
    private final RequestHeadReader headReader;

    H1RequestFeed(H1ServerConnection connection, ServerStreamHandler requests, HeldBytes held, CodecLimits limits) {
        this.connection = connection;
        this.requests = requests;
        this.held = held;
        this.parser = new RequestParser(limits.wire());
        this.body = new BodyParser(limits.wire(), true);
        this.headReader = new RequestHeadReader(body);
    }

    /** Hands the next piece on; false when more bytes are needed. */
    boolean step() {
        if (body.isOpen()) {
            return body();
        }
        RequestHead head;
        try {
            if (!parser.read(held.view())) {
                return false;
            }
            head = headReader.read(parser, connection.client().isTls());
        } catch (Refusal refusal) {
            if (!refusal.isFramingKnown()) {
                held.release();
            }
            refuse(refusal, headReader.salvage(parser), !body.isOpen());
            return true;
        }
        begin(head, !body.isOpen());
        return true;
    }

    /** Whether part of a head was read and the rest of it is awaited. */
    boolean isInsideHead() {
        return parser.isInsideHead();
    }

    private void begin(RequestHead head, boolean last) {
        // A request to switch protocols stays open: what follows is the tunnel's, if there will be one.
        boolean ended = last && head.upgrade() == null;
        H1ServerStream stream = new H1ServerStream(
                connection, connection.wire(), head, headReader.keepAlive(), headReader.acceptsTrailers());
        if (!headReader.keepAlive()) {
            stream.clientEndsWithThis();
        }
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

    private boolean body() {
        int size;
        try {
            size = body.read(held.view());
        } catch (Refusal refusal) {
            held.release();
            connection.refuseBody(refusal.detail());
            return true;
        }
        boolean last = !body.isOpen();
        if (size == 0 && !last) {
            return false;
        }
        if (!last) {
            connection.wire().expect(body.left());
        }
        ByteBuf data = held.take(size);
        H1ServerStream reader = connection.bodyRead(last);
        Headers trailers = last ? body.trailers() : null;
        if (reader == null) {
            data.release();
        } else if (trailers == null) {
            reader.requestData(data, last);
        } else {
            data.release();
            reader.requestTrailers(trailers);
        }
        return true;
    }
}
