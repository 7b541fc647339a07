package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Takes off what belongs to one connection only (RFC 9110 section 7.6.1; spec/reliability.md B22, B28, B34): {@code
 * connection} and what it names, {@code keep-alive}, {@code proxy-connection}, {@code upgrade}, {@code
 * http2-settings}, {@code transfer-encoding}, and {@code te} but for {@code trailers}.
 */
public final class HopByHop {
    /** {@code Connection: close}. */
    static final int CLOSE = 1;
    /** {@code Connection: keep-alive}. */
    static final int KEEP_ALIVE = 2;
    /** {@code Connection: upgrade}. */
    static final int UPGRADE = 4;
    /** {@code TE: trailers}. */
    static final int TRAILERS = 8;

    private static final AsciiString KEEP_ALIVE_NAME = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION_NAME = AsciiString.cached("proxy-connection");
    private static final AsciiString HTTP2_SETTINGS_NAME = AsciiString.cached("http2-settings");
    private static final AsciiString TRAILERS_VALUE = AsciiString.cached("trailers");
    private static final int MAX_OPTIONS = 64;

    /**
     * A client that names one of these in {@code connection} wants the proxy to hide it from the upstream, which may
     * rest its trust on it, or to break the framing.
     */
    private static final NameSet NOT_REMOVABLE = NameSet.of(
            "host",
            "te",
            "date",
            "via",
            "cookie",
            "set-cookie",
            "authorization",
            "forwarded",
            "x-real-ip",
            "expect",
            "x-request-id",
            "traceparent",
            "tracestate",
            "grpc-timeout");

    private static final List<String> NOT_REMOVABLE_PREFIXES = List.of("content-", "x-forwarded-", "x-envoy-", "sec-");

    /** RFC 9110 section 6.5.1: framing, routing, request modifiers, authentication, response control, content. */
    private static final NameSet NOT_IN_TRAILERS = NameSet.of(
            "host",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade",
            "cache-control",
            "expect",
            "max-forwards",
            "pragma",
            "range",
            "if-match",
            "if-none-match",
            "if-range",
            "if-modified-since",
            "if-unmodified-since",
            "authorization",
            "proxy-authorization",
            "proxy-authenticate",
            "www-authenticate",
            "authentication-info",
            "proxy-authentication-info",
            "cookie",
            "set-cookie",
            "age",
            "expires",
            "date",
            "location",
            "retry-after",
            "vary",
            "warning",
            "http2-settings",
            "forwarded");

    private HopByHop() {}

    /** Whether a trailer of this name may be forwarded. */
    public static boolean mayBeTrailer(CharSequence name) {
        return !NOT_IN_TRAILERS.contains(name) && !startsWith(name, "content-") && !startsWith(name, "x-forwarded-");
    }

    /** Removes what may not be a trailer. */
    public static void stripTrailers(H1Headers trailers) {
        for (int i = trailers.size() - 1; i >= 0; i--) {
            if (!mayBeTrailer(trailers.name(i))) {
                trailers.remove(i);
            }
        }
    }

    /**
     * Takes the headers off.
     *
     * @param marks what {@link HeaderMarks} found in {@code headers}
     * @return the options {@link #CLOSE}, {@link #KEEP_ALIVE}, {@link #UPGRADE}, {@link #TRAILERS} that were there
     */
    static int strip(H1Headers headers, int marks) {
        if ((marks & HeaderMarks.HOP_BY_HOP) == 0) {
            return 0;
        }
        int options = 0;
        if ((marks & HeaderMarks.CONNECTION) != 0) {
            options = options(headers);
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        if ((marks & HeaderMarks.KEEP_ALIVE) != 0) {
            headers.remove(KEEP_ALIVE_NAME);
        }
        if ((marks & HeaderMarks.PROXY_CONNECTION) != 0) {
            headers.remove(PROXY_CONNECTION_NAME);
        }
        if ((marks & HeaderMarks.UPGRADE) != 0) {
            headers.remove(HttpHeaderNames.UPGRADE);
        }
        if ((marks & HeaderMarks.HTTP2_SETTINGS) != 0) {
            headers.remove(HTTP2_SETTINGS_NAME);
        }
        if ((marks & HeaderMarks.TRANSFER_ENCODING) != 0) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        if ((marks & HeaderMarks.TE) != 0) {
            options |= keepTrailers(headers);
        }
        return options;
    }

    /** Whether a comma-separated list, such as {@code te} or {@code upgrade}, holds {@code token}, without case. */
    static boolean lists(CharSequence list, AsciiString token) {
        int i = 0;
        while (i < list.length()) {
            int end = end(list, i);
            int start = trimLeft(list, i, end);
            int wordEnd = trimRight(list, start, end);
            if (wordEnd - start == token.length()
                    && AsciiString.regionMatches(list, true, start, token, 0, token.length())) {
                return true;
            }
            i = end + 1;
        }
        return false;
    }

    private static int keepTrailers(H1Headers headers) {
        for (String value : headers.getAll(HttpHeaderNames.TE)) {
            if (lists(value, TRAILERS_VALUE)) {
                headers.set(HttpHeaderNames.TE, TRAILERS_VALUE);
                return TRAILERS;
            }
        }
        headers.remove(HttpHeaderNames.TE);
        return 0;
    }

    private static int options(H1Headers headers) {
        int options = 0;
        int count = 0;
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            int i = 0;
            while (i < value.length()) {
                if (++count > MAX_OPTIONS) {
                    throw new Refusal(ErrorCode.BAD_REQUEST, "connection names too many headers");
                }
                int end = end(value, i);
                int start = trimLeft(value, i, end);
                options |= option(headers, value, start, trimRight(value, start, end));
                i = end + 1;
            }
        }
        return options;
    }

    private static int option(H1Headers headers, String value, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return 0;
        }
        if (length == 5 && value.regionMatches(true, start, "close", 0, 5)) {
            return CLOSE;
        }
        if (length == 10 && value.regionMatches(true, start, "keep-alive", 0, 10)) {
            return KEEP_ALIVE;
        }
        if (length == 7 && value.regionMatches(true, start, "upgrade", 0, 7)) {
            return UPGRADE;
        }
        String name = value.substring(start, end);
        if (isRemovable(name)) {
            headers.remove(AsciiString.of(name));
        }
        return 0;
    }

    private static boolean isRemovable(String name) {
        if (NOT_REMOVABLE.contains(name)) {
            return false;
        }
        for (String prefix : NOT_REMOVABLE_PREFIXES) {
            if (startsWith(name, prefix)) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(CharSequence name, String prefix) {
        return AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length());
    }

    private static int end(CharSequence list, int from) {
        for (int i = from; i < list.length(); i++) {
            if (list.charAt(i) == ',') {
                return i;
            }
        }
        return list.length();
    }

    private static int trimLeft(CharSequence list, int start, int end) {
        int i = start;
        while (i < end && isBlank(list.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int trimRight(CharSequence list, int start, int end) {
        int i = end;
        while (i > start && isBlank(list.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
