package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http1.BodyFraming;
import dev.sluice.proxy.codec.http1.HeadWriter;
import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;

/** Writes the heads of responses with the framing and connection headers that HTTP/1 asks for. One a connection. */
final class H1ResponseWriter {
    private static final AsciiString ACCEPT = AsciiString.cached("sec-websocket-accept");
    private static final AsciiString KEY = AsciiString.cached("sec-websocket-key");

    private static final AsciiString SLUICE_CODE = AsciiString.cached("x-sluice-code");

    private final HeadWriter writer = new HeadWriter();
    private final ByteBufAllocator alloc;
    private final FlushOnce out;

    H1ResponseWriter(ByteBufAllocator alloc, FlushOnce out) {
        this.alloc = alloc;
        this.out = out;
    }

    /** A 1xx other than 101. */
    void informational(ResponseHead head) {
        H1Headers headers = HeaderTranslation.toH1(head.headers());
        writer.startResponse(alloc, head.status(), 0);
        writer.headers(headers);
        out.head(writer.end());
    }

    /** The 101 that {@code request} asked for. An HTTP/2 upstream answers without the key's hash: then it is ours. */
    void switching(RequestHead request, ResponseHead head) {
        H1Headers headers = HeaderTranslation.toH1(head.headers());
        CharSequence key = request.headers().get(KEY);
        writer.startResponse(alloc, head.status(), 0);
        writer.headers(headers);
        // Of an HTTP/1 upstream it is missed: one that does not know WebSocket must not seem to.
        if (key != null && headers != head.headers() && !headers.contains(ACCEPT)) {
            writer.header(ACCEPT, WebSocketHandshake.accept(key));
        }
        writer.date();
        writer.connection(HttpHeaderValues.UPGRADE);
        writer.header(HttpHeaderNames.UPGRADE, String.valueOf(request.upgrade()));
        out.head(writer.end());
    }

    /**
     * A final head.
     *
     * @param keepAlive whether the connection lives on
     * @param toOldClient the client speaks HTTP/1.0, where keeping it is what must be said
     * @param trailers whether trailers may follow
     */
    void head(ResponseHead head, BodyFraming framing, boolean keepAlive, boolean toOldClient, boolean trailers) {
        H1Headers headers = HeaderTranslation.toH1(head.headers());
        writer.startResponse(alloc, head.status(), framing.room());
        writer.headers(headers);
        writer.date();
        switch (framing.kind()) {
            case LENGTH -> writer.contentLength(framing.left());
            case CHUNKED -> {
                writer.chunked();
                String announced = trailers ? headers.get(HttpHeaderNames.TRAILER) : null;
                if (announced != null) {
                    writer.header(HttpHeaderNames.TRAILER, announced);
                }
            }
            case NONE -> lengthWithoutBody(head);
            case UNTIL_CLOSE -> {}
        }
        if (!keepAlive) {
            writer.connection(HttpHeaderValues.CLOSE);
        } else if (toOldClient) {
            writer.connection(HttpHeaderValues.KEEP_ALIVE);
        }
        out.head(writer.end());
    }

    /** A whole response without a body, for a request that is not the exchange's any more; the connection ends. */
    void bare(ErrorCode code) {
        writer.startResponse(alloc, code.status(), 0);
        writer.header(SLUICE_CODE, code.name());
        writer.date();
        writer.contentLength(0);
        writer.connection(HttpHeaderValues.CLOSE);
        out.head(writer.end());
    }

    /** RFC 9110 section 8.6: what a GET would have got, for HEAD and 304; nothing for 204; 205 is always empty. */
    private void lengthWithoutBody(ResponseHead head) {
        if (head.status() == 205) {
            writer.contentLength(0);
        } else if (head.status() != 204 && head.contentLength() >= 0) {
            writer.contentLength(head.contentLength());
        }
    }
}
