package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.codec.http1.Authority;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H2Headers;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a received request header list once, makes a {@link RequestHead} of it and says whether it may pass
 * (spec/reliability.md B48 to B58). Netty has refused by then what is wrong with single fields: names in upper case or
 * with a colon, CR, LF or NUL in values, connection-specific fields, missing, duplicate, unknown or late pseudo headers.
 *
 * <p>One per connection, used for each request anew; belongs to its event loop.
 */
public final class RequestInspection {
    /** What to do with the request. */
    public enum Verdict {
        /** Handle it. */
        PASS,
        /** Answer it with {@link #code()}: well-formed, but not for us. */
        REFUSE,
        /** Reset the stream: malformed in the sense of RFC 9113 section 8.1.1. */
        RESET
    }

    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");
    private static final AsciiString TRACE = AsciiString.cached("TRACE");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

    private final int maxHeaders;

    private Verdict verdict = Verdict.PASS;
    private ErrorCode code = ErrorCode.BAD_REQUEST;
    private String detail = "";
    private @Nullable RequestHead head;

    // What the pass over the fields finds.
    private int count;
    private int hosts;
    private @Nullable CharSequence host;
    private @Nullable CharSequence expect;
    private boolean carriers;
    private boolean settingsField;
    private boolean bodyFollows;
    private @Nullable CharSequence maxForwards;

    /** @param maxHeaders number of fields, pseudo headers not counted */
    public RequestInspection(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /**
     * Inspects {@code headers}, and takes off what must not go on: {@code host} and Netty's carriers.
     *
     * @param end no body follows
     */
    public Verdict inspect(Http2Headers headers, boolean end) {
        verdict = Verdict.PASS;
        bodyFollows = !end;
        code = ErrorCode.BAD_REQUEST;
        detail = "";
        head = null;
        scan(headers);
        if (verdict == Verdict.PASS) {
            checkTarget(headers);
        }
        if (verdict != Verdict.RESET) {
            build(headers);
        }
        host = null;
        expect = null;
        maxForwards = null;
        return verdict;
    }

    /** What a refused request is answered with. */
    public ErrorCode code() {
        return code;
    }

    /** One sentence on what is wrong. */
    public String detail() {
        return detail;
    }

    /** The request, after {@link Verdict#PASS} and {@link Verdict#REFUSE}. */
    public RequestHead head() {
        RequestHead built = head;
        if (built == null) {
            throw new IllegalStateException("A malformed request has no head");
        }
        return built;
    }

    private void scan(Http2Headers headers) {
        count = 0;
        hosts = 0;
        carriers = false;
        settingsField = false;
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            CharSequence name = entry.getKey();
            if (name.charAt(0) == ':') {
                continue;
            }
            count++;
            CharSequence value = entry.getValue();
            if (Fields.endsBlank(value)) {
                reset("a field value ends with white space");
                return;
            }
            note(name, value);
        }
        if (hosts > 1) {
            reset("more than one host");
        } else if (count > maxHeaders) {
            refuse(ErrorCode.HEADERS_TOO_LARGE, "more than " + maxHeaders + " headers");
        }
    }

    /** Sorts by length first: most names are of none of these lengths. */
    private void note(CharSequence name, CharSequence value) {
        switch (name.length()) {
            case 4 -> {
                if (AsciiString.contentEquals(name, HttpHeaderNames.HOST)) {
                    hosts++;
                    host = value;
                }
            }
            case 6 -> {
                if (AsciiString.contentEquals(name, HttpHeaderNames.EXPECT)) {
                    expect = value;
                }
            }
            case 12 -> {
                if (AsciiString.contentEquals(name, HttpHeaderNames.MAX_FORWARDS)) {
                    maxForwards = value;
                }
            }
            case 14 -> {
                if (AsciiString.contentEquals(name, "content_length")) {
                    refuse(ErrorCode.BAD_REQUEST, "content_length is not content-length");
                } else if (AsciiString.contentEquals(name, HTTP2_SETTINGS)) {
                    settingsField = true;
                }
            }
            case 17 -> {
                if (AsciiString.contentEquals(name, "transfer_encoding")) {
                    refuse(ErrorCode.BAD_REQUEST, "transfer_encoding is no header of HTTP/2");
                }
            }
            default -> {}
        }
        if (Fields.isCarrier(name)) {
            carriers = true;
        }
    }

    private void checkTarget(Http2Headers headers) {
        CharSequence method = required(headers.method());
        if (HttpHeaderValidationUtil.validateToken(method) != -1) {
            reset("the method is no token");
        } else if (headers.contains(PseudoHeaderName.PROTOCOL.value())) {
            checkExtendedConnect(headers, method);
        } else if (CONNECT.contentEquals(method)) {
            if (headers.scheme() != null || headers.path() != null) {
                reset("CONNECT with :scheme or :path");
            } else {
                refuse(ErrorCode.METHOD_NOT_ALLOWED, "CONNECT is for forward proxies");
            }
        } else if (TRACE.contentEquals(method)) {
            refuse(ErrorCode.METHOD_NOT_ALLOWED, "TRACE is disabled");
        } else {
            checkAuthority(headers.authority());
            checkPath(method, required(headers.path()));
            checkScheme(required(headers.scheme()));
            checkExpect();
            if (maxForwards != null && OPTIONS.contentEquals(method)) {
                countForward(headers, maxForwards);
            }
        }
    }

    /** RFC 8441 section 4; the one protocol that is bootstrapped this way so far is WebSocket. */
    private void checkExtendedConnect(Http2Headers headers, CharSequence method) {
        if (!CONNECT.contentEquals(method)) {
            reset(":protocol without CONNECT");
            return;
        }
        checkAuthority(headers.authority());
        checkPath(method, required(headers.path()));
        checkScheme(required(headers.scheme()));
        if (verdict == Verdict.PASS && !WEBSOCKET.contentEquals(protocol(headers))) {
            refuse(ErrorCode.NOT_IMPLEMENTED, "CONNECT for a protocol other than websocket");
        }
    }

    private void checkAuthority(@Nullable CharSequence authority) {
        CharSequence field = host;
        if (authority != null && field != null && !AsciiString.contentEqualsIgnoreCase(authority, field)) {
            reset("host differs from :authority");
            return;
        }
        CharSequence effective = authority == null ? field : authority;
        if (effective == null || !Authority.isValid(effective)) {
            refuse(ErrorCode.BAD_REQUEST, "bad or missing authority");
        }
    }

    private void checkPath(CharSequence method, CharSequence path) {
        if (path.charAt(0) != '/') {
            boolean asterisk = path.length() == 1 && path.charAt(0) == '*' && OPTIONS.contentEquals(method);
            if (!asterisk) {
                refuse(ErrorCode.BAD_REQUEST, ":path does not begin with a slash");
            }
            return;
        }
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '#') {
                refuse(ErrorCode.BAD_REQUEST, "fragment, blank, control or 8-bit character in :path");
                return;
            }
        }
    }

    private void checkScheme(CharSequence scheme) {
        if (!HTTP.contentEqualsIgnoreCase(scheme) && !HTTPS.contentEqualsIgnoreCase(scheme)) {
            refuse(ErrorCode.BAD_REQUEST, ":scheme is neither http nor https");
        }
    }

    private void checkExpect() {
        if (expect != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
            refuse(ErrorCode.EXPECTATION_FAILED, "an expectation other than 100-continue");
        }
    }

    /** RFC 9110 section 7.6.2; what is no number is passed on. */
    private void countForward(Http2Headers headers, CharSequence text) {
        int left = Fields.number(text);
        if (left == 0) {
            refuse(ErrorCode.DIRECT_RESPONSE, "Max-Forwards is 0");
        } else if (left > 0) {
            headers.setInt(HttpHeaderNames.MAX_FORWARDS, left - 1);
        }
    }

    private void build(Http2Headers headers) {
        CharSequence authority = headers.authority() == null ? host : headers.authority();
        if (hosts > 0) {
            headers.remove(HttpHeaderNames.HOST);
        }
        if (carriers) {
            Fields.removeCarriers(headers);
        }
        if (settingsField) {
            headers.remove(HTTP2_SETTINGS);
        }
        if (expect != null && !bodyFollows) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        boolean upgrade = headers.contains(PseudoHeaderName.PROTOCOL.value());
        RequestHead.Builder builder = RequestHead.builder(
                        HttpVersion.HTTP_2,
                        upgrade ? "GET" : text(headers.method()),
                        headers.path() == null ? "" : text(headers.path()),
                        new H2Headers(headers))
                .scheme(headers.scheme() != null && HTTPS.contentEqualsIgnoreCase(headers.scheme()) ? "https" : "http")
                .authority(text(authority))
                .contentLength(Fields.contentLength(headers))
                .expectContinue(expect != null && bodyFollows);
        head = upgrade ? builder.upgrade(text(protocol(headers))).build() : builder.build();
    }

    private static @Nullable CharSequence protocol(Http2Headers headers) {
        return headers.get(PseudoHeaderName.PROTOCOL.value());
    }

    /** Netty resets a stream whose request lacks a mandatory pseudo header before anybody sees it. */
    private static CharSequence required(@Nullable CharSequence pseudo) {
        if (pseudo == null) {
            throw new IllegalStateException("A mandatory pseudo header is missing");
        }
        return pseudo;
    }

    /** An AsciiString keeps its text, and those of the HPACK tables live as long as the connection. */
    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    private void refuse(ErrorCode why, String sentence) {
        if (verdict == Verdict.PASS) {
            verdict = Verdict.REFUSE;
            code = why;
            detail = sentence;
        }
    }

    private void reset(String sentence) {
        verdict = Verdict.RESET;
        detail = sentence;
    }
}
