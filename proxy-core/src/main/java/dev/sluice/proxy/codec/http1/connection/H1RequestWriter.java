package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http1.BodyFraming;
import dev.sluice.proxy.codec.http1.HeadWriter;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Makes the heads of requests, {@code host} first, with the framing and connection headers that HTTP/1 asks for. */
final class H1RequestWriter {
    private static final AsciiString KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString VERSION = AsciiString.cached("sec-websocket-version");
    private static final AsciiString VERSION_13 = AsciiString.cached("13");

    private final HeadWriter writer = new HeadWriter();
    private final ByteBufAllocator alloc;
    private @Nullable String newKey;

    H1RequestWriter(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** How the body of such a request is delimited. */
    static BodyFraming framing(RequestHead head, boolean last) {
        if (head.upgrade() != null) {
            return BodyFraming.of(BodyFraming.Kind.UNTIL_CLOSE);
        }
        if (head.contentLength() >= 0) {
            return BodyFraming.length(head.contentLength());
        }
        return BodyFraming.of(last ? BodyFraming.Kind.NONE : BodyFraming.Kind.CHUNKED);
    }

    /**
     * The bytes of a head.
     *
     * @throws Refusal when HTTP/1 cannot carry it
     */
    ByteBuf head(RequestHead head, HeaderOverlay overlay, BodyFraming framing) {
        H1Headers headers;
        try {
            headers = HeaderTranslation.toH1(head.headers());
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "header that HTTP/1 cannot carry: " + e.getMessage());
        }
        newKey = null;
        writer.startRequest(alloc, head, framing.room());
        writer.headers(headers);
        writer.overlay(overlay);
        boolean te = headers.contains(HttpHeaderNames.TE);
        switch (framing.kind()) {
            case LENGTH -> writer.contentLength(framing.left());
            case CHUNKED -> {
                writer.chunked();
                String announced = te ? headers.get(HttpHeaderNames.TRAILER) : null;
                if (announced != null) {
                    writer.header(HttpHeaderNames.TRAILER, announced);
                }
            }
            case UNTIL_CLOSE -> upgrade(headers, String.valueOf(head.upgrade()));
            case NONE -> {
                if (mayWantBody(head.method())) {
                    writer.contentLength(0);
                }
            }
        }
        if (te && framing.kind() != BodyFraming.Kind.UNTIL_CLOSE) {
            writer.connection(HttpHeaderNames.TE);
        }
        return writer.end();
    }

    /** The key that the last head got from us, because it came from a protocol without; else null. */
    @Nullable
    String newKey() {
        return newKey;
    }

    private void upgrade(H1Headers headers, String protocol) {
        writer.connection(HttpHeaderValues.UPGRADE);
        writer.header(HttpHeaderNames.UPGRADE, protocol);
        if (!headers.contains(KEY)) {
            String key = WebSocketHandshake.newKey();
            newKey = key;
            writer.header(KEY, key);
            if (!headers.contains(VERSION)) {
                writer.header(VERSION, VERSION_13);
            }
        }
    }

    /** Methods for which servers may refuse a request that does not say how long its body is (RFC 9110 section 8.6). */
    private static boolean mayWantBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }
}
