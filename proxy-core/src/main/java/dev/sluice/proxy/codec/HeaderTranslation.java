package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http2.Fields;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Carries headers and trailers from one protocol's object to the other's, in one pass (RFC 9113 section 8.2, RFC 9112
 * section 9.1; spec/reliability.md B54 to B56). Headers that already are of the wanted protocol are handed on as they
 * are, uncopied.
 *
 * <p>Both directions build validating header objects: a value that the other protocol could not carry (CR, LF, NUL)
 * throws {@link IllegalArgumentException} rather than being written.
 */
public final class HeaderTranslation {
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final int SIZE_HINT = 16;
    private static final int TEXT_HINT = 768;

    private HeaderTranslation() {}

    /**
     * Headers for an HTTP/1 message. The crumbs of {@code cookie} become one header, as HTTP/1 servers expect (RFC 9113
     * section 8.2.3).
     */
    public static H1Headers toH1(Headers headers) {
        if (headers instanceof H1Headers same) {
            return same;
        }
        H1Headers out = new H1Headers(TEXT_HINT, SIZE_HINT);
        headers.forEach((name, value) -> {
            if (!AsciiString.contentEquals(name, HttpHeaderNames.COOKIE)) {
                if (!Fields.isCarrier(name)) {
                    out.append(name, value);
                }
            } else if (!out.contains(HttpHeaderNames.COOKIE)) {
                out.add(HttpHeaderNames.COOKIE, joinedCookie(headers, value));
            }
        });
        return out;
    }

    /**
     * Headers for an HTTP/2 message, without pseudo headers: names in lower case, nothing that only makes sense on an
     * HTTP/1 connection, {@code te} reduced to {@code trailers}.
     */
    public static H2Headers toH2(Headers headers) {
        if (headers instanceof H2Headers same) {
            return same;
        }
        H2Headers out = H2Headers.withRoomFor(headers.size());
        headers.forEach((name, value) -> {
            AsciiString lower = AsciiString.of(name).toLowerCase();
            if (lower.contentEquals(HttpHeaderNames.TE)) {
                if (lists(value, TRAILERS) && !out.contains(HttpHeaderNames.TE)) {
                    out.add(HttpHeaderNames.TE, TRAILERS);
                }
            } else if (!Fields.isCarrier(lower) && !isConnectionSpecific(lower)) {
                out.add(lower, value);
            }
        });
        return out;
    }

    /** Looks at the length first: nearly every name is told apart by it. */
    private static boolean isConnectionSpecific(AsciiString name) {
        return switch (name.length()) {
            case 4 -> name.contentEquals(HttpHeaderNames.HOST);
            case 7 -> name.contentEquals(HttpHeaderNames.UPGRADE);
            case 10 -> name.contentEquals(HttpHeaderNames.CONNECTION) || name.contentEquals("keep-alive");
            case 14 -> name.contentEquals(HTTP2_SETTINGS);
            case 16 -> name.contentEquals("proxy-connection");
            case 17 -> name.contentEquals(HttpHeaderNames.TRANSFER_ENCODING);
            default -> false;
        };
    }

    private static boolean lists(CharSequence value, AsciiString token) {
        for (AsciiString part : AsciiString.of(value).split(',')) {
            if (part.trim().contentEqualsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    private static CharSequence joinedCookie(Headers headers, CharSequence first) {
        List<? extends CharSequence> crumbs = headers.getAll(HttpHeaderNames.COOKIE);
        return crumbs.size() == 1 ? first : String.join("; ", crumbs);
    }
}
