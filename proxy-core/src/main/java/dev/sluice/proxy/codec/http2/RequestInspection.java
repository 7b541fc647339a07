package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.codec.http1.Authority;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
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
    private int hosts;
    private @Nullable CharSequence host;
    private @Nullable CharSequence expect;
    private boolean expects;
    private boolean settingsField;
    private boolean bodyFollows;
    private @Nullable CharSequence maxForwards;

    /** @param maxHeaders number of fields, pseudo headers not counted */
    public RequestInspection(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /**
     * Inspects {@code block}, and takes off what must not go on, {@code host} first of all.
     *
     * @param end no body follows
     */
    public Verdict inspect(ReceivedBlock block, boolean end) {
        verdict = Verdict.PASS;
        bodyFollows = !end;
        code = ErrorCode.BAD_REQUEST;
        detail = "";
        head = null;
        H2Headers headers = block.take();
        scan(headers);
        checkLength(block.contentLength());
        if (verdict == Verdict.PASS) {
            checkTarget(block, headers);
        }
        head = verdict == Verdict.RESET ? salvage(block, headers) : build(block, headers);
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

    /** The request that was inspected; after {@link Verdict#RESET} what was read of it, for the log. */
    public RequestHead head() {
        RequestHead built = head;
        if (built == null) {
            throw new IllegalStateException("Nothing was inspected yet");
        }
        return built;
    }

    /** What was read of a request, for the log, of which so much is wrong that it cannot be inspected. */
    public static RequestHead salvage(ReceivedBlock block) {
        return salvage(block, block.take());
    }

    private static RequestHead salvage(ReceivedBlock block, H2Headers headers) {
        CharSequence authority = block.authority() == null ? headers.get(HttpHeaderNames.HOST) : block.authority();
        headers.remove(HttpHeaderNames.HOST);
        return RequestHead.builder(HttpVersion.HTTP_2, known(block.method()), known(block.path()), headers)
                .scheme(scheme(block))
                .authority(text(authority))
                .build();
    }

    private void scan(H2Headers headers) {
        hosts = 0;
        expects = false;
        settingsField = false;
        int count = headers.size();
        if (count > maxHeaders) {
            refuse(ErrorCode.HEADERS_TOO_LARGE, "more than " + maxHeaders + " headers");
        }
        for (int i = 0; i < count; i++) {
            note(headers.name(i), headers.value(i));
        }
        if (hosts > 1) {
            reset("more than one host");
        }
    }

    /** A body of another length than the declared one is found out when it comes (RFC 9113 section 8.1.1). */
    private void checkLength(long declared) {
        if (declared == ReceivedBlock.MALFORMED) {
            reset("content-length is no number, or comes twice");
        } else if (declared > 0 && !bodyFollows) {
            reset("content-length without a body");
        }
    }

    /** Sorts by length first: most names are of none of these lengths. */
    private void note(AsciiString name, CharSequence value) {
        switch (name.length()) {
            case 4 -> {
                if (AsciiString.contentEquals(name, HttpHeaderNames.HOST)) {
                    hosts++;
                    host = value;
                }
            }
            case 6 -> {
                if (AsciiString.contentEquals(name, HttpHeaderNames.EXPECT)) {
                    expects = true;
                    // An empty list expects nothing, and says nothing of a line before it.
                    expect = value.isEmpty() ? expect : value;
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
    }

    private void checkTarget(ReceivedBlock block, H2Headers headers) {
        CharSequence method = required(block.method());
        if (HttpHeaderValidationUtil.validateToken(method) != -1) {
            reset("the method is no token");
        } else if (block.protocol() != null) {
            checkExtendedConnect(block, method);
        } else if (CONNECT.contentEquals(method)) {
            if (block.scheme() != null || block.path() != null) {
                reset("CONNECT with :scheme or :path");
            } else {
                refuse(ErrorCode.METHOD_NOT_ALLOWED, "CONNECT is for forward proxies");
            }
        } else if (TRACE.contentEquals(method)) {
            refuse(ErrorCode.METHOD_NOT_ALLOWED, "TRACE is disabled");
        } else {
            checkAuthority(block.authority());
            checkPath(method, required(block.path()));
            checkScheme(required(block.scheme()));
            checkExpect();
            if (maxForwards != null && OPTIONS.contentEquals(method)) {
                countForward(headers, maxForwards);
            }
        }
    }

    /** RFC 8441 section 4; the one protocol that is bootstrapped this way so far is WebSocket. */
    private void checkExtendedConnect(ReceivedBlock block, CharSequence method) {
        if (!CONNECT.contentEquals(method)) {
            reset(":protocol without CONNECT");
            return;
        }
        checkAuthority(block.authority());
        checkPath(method, required(block.path()));
        checkScheme(required(block.scheme()));
        if (verdict == Verdict.PASS && !WEBSOCKET.contentEquals(required(block.protocol()))) {
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
    private void countForward(H2Headers headers, CharSequence text) {
        int left = Fields.number(text);
        if (left == 0) {
            refuse(ErrorCode.DIRECT_RESPONSE, "Max-Forwards is 0");
        } else if (left > 0) {
            headers.set(HttpHeaderNames.MAX_FORWARDS, Integer.toString(left - 1));
        }
    }

    private RequestHead build(ReceivedBlock block, H2Headers headers) {
        CharSequence authority = block.authority() == null ? host : block.authority();
        if (hosts > 0) {
            headers.remove(HttpHeaderNames.HOST);
        }
        if (settingsField) {
            headers.remove(HTTP2_SETTINGS);
        }
        if (expects && (expect == null || !bodyFollows)) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        boolean upgrade = block.protocol() != null;
        RequestHead.Builder builder = RequestHead.builder(
                        HttpVersion.HTTP_2,
                        upgrade ? "GET" : text(block.method()),
                        block.path() == null ? "" : text(block.path()),
                        headers)
                .scheme(scheme(block))
                .authority(text(authority))
                .contentLength(block.contentLength())
                .expectContinue(expect != null && bodyFollows);
        return upgrade ? builder.upgrade(text(block.protocol())).build() : builder.build();
    }

    private static String scheme(ReceivedBlock block) {
        return block.scheme() != null && HTTPS.contentEqualsIgnoreCase(block.scheme()) ? "https" : "http";
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

    private static String known(@Nullable CharSequence value) {
        return value == null ? RequestHead.UNREAD : value.toString();
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
