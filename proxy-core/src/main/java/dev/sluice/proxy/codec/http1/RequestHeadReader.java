package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link RequestHead} of a decoded request, which it takes apart: its headers go on without {@code host} and
 * what belongs to the connection. Refuses what spec/reliability.md B1 to B3 refuses in a head.
 */
public final class RequestHeadReader {
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final String NETTY_PREFIX = "x-http2-";

    private boolean keepAlive;
    private boolean acceptsTrailers;
    private String authority = "";
    private long length = -1;

    /**
     * Reads the head that {@code parser} decoded last.
     *
     * @param tls whether it came over TLS
     * @throws Refusal when it must not pass
     */
    public RequestHead read(HttpRequest request, RequestParser parser, boolean tls) {
        keepAlive = false;
        acceptsTrailers = false;
        authority = "";
        length = -1;
        int marks = parser.marks();
        boolean old = isOld(request);
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        refuseBadFraming(headers, marks);
        refuseConnect(method, marks);
        String host = takeHost(headers, marks, old);
        RequestTarget target = RequestTarget.read(request.uri(), HttpMethod.OPTIONS.equals(method), host, tls);
        authority = target.authority();
        length = contentLength(headers, marks);
        boolean body = length > 0 || (marks & HeaderMarks.TRANSFER_ENCODING) != 0;
        boolean expectContinue = (marks & HeaderMarks.EXPECT) != 0 && expectsContinue(headers, old, body);
        boolean websocket = (marks & HeaderMarks.UPGRADE) != 0
                && !old
                && !body
                && HttpMethod.GET.equals(method)
                && HopByHop.lists(headers.get(HttpHeaderNames.UPGRADE), WEBSOCKET);
        int options = HopByHop.strip(headers, marks);
        keepAlive = (options & HopByHop.CLOSE) == 0 && (!old || (options & HopByHop.KEEP_ALIVE) != 0);
        acceptsTrailers = !old && (options & HopByHop.TRAILERS) != 0;
        if (HttpMethod.TRACE.equals(method)) {
            throw Refusal.wellFormed(ErrorCode.METHOD_NOT_ALLOWED, "TRACE");
        }
        if ((marks & HeaderMarks.NETTY_CARRIER) != 0) {
            removeNettyCarriers(headers);
        }
        if ((marks & HeaderMarks.MAX_FORWARDS) != 0 && HttpMethod.OPTIONS.equals(method)) {
            countForward(headers);
        }
        return RequestHead.builder(version(old), method.name(), target.path(), new H1Headers(headers))
                .scheme(tls ? "https" : "http")
                .authority(authority)
                .contentLength(length)
                .expectContinue(expectContinue)
                .upgrade(websocket && (options & HopByHop.UPGRADE) != 0 ? "websocket" : null)
                .build();
    }

    /** Whether the client of the last head keeps the connection. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the client of the last head takes trailers. */
    public boolean acceptsTrailers() {
        return acceptsTrailers;
    }

    /**
     * What can be told of a request that was refused, for the log; null when not even its first line could be read.
     *
     * @param request as the decoder left it
     */
    public @Nullable RequestHead salvage(HttpRequest request, RequestParser parser) {
        if (!parser.hasRequestLine()) {
            return null;
        }
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (host == null) {
            host = authority;
        } else {
            headers.remove(HttpHeaderNames.HOST);
        }
        return RequestHead.builder(
                        version(isOld(request)), request.method().name(), request.uri(), new H1Headers(headers))
                .authority(host)
                .contentLength(length)
                .build();
    }

    private static boolean isOld(HttpRequest request) {
        return request.protocolVersion().minorVersion() == 0;
    }

    private static HttpVersion version(boolean old) {
        return old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static void refuseBadFraming(HttpHeaders headers, int marks) {
        int bad = HeaderMarks.SECOND_CONTENT_LENGTH
                | HeaderMarks.SECOND_TRANSFER_ENCODING
                | HeaderMarks.UNDERSCORED_FRAMING
                | HeaderMarks.HIXIE_KEY;
        if ((marks & bad) != 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "headers that contradict each other about the body");
        }
        if ((marks & HeaderMarks.TRANSFER_ENCODING) == 0) {
            return;
        }
        String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (!CHUNKED.contentEqualsIgnoreCase(coding)) {
            // Netty has made sure that chunked comes last and once.
            throw HopByHop.listsOtherThan(coding, CHUNKED)
                    ? new Refusal(ErrorCode.NOT_IMPLEMENTED, "transfer coding other than chunked")
                    : new Refusal(ErrorCode.BAD_REQUEST, "malformed transfer-encoding");
        }
    }

    private static void refuseConnect(HttpMethod method, int marks) {
        if (HttpMethod.CONNECT.equals(method)) {
            throw (marks & (HeaderMarks.CONTENT_LENGTH | HeaderMarks.TRANSFER_ENCODING)) != 0
                    ? new Refusal(ErrorCode.BAD_REQUEST, "CONNECT with a body")
                    : new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "CONNECT");
        }
    }

    private static String takeHost(HttpHeaders headers, int marks, boolean old) {
        if ((marks & HeaderMarks.HOST) == 0) {
            throw old
                    ? new Refusal(ErrorCode.UPGRADE_REQUIRED, "HTTP/1.0 without host")
                    : new Refusal(ErrorCode.BAD_REQUEST, "no host");
        }
        if ((marks & HeaderMarks.SECOND_HOST) != 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "more than one host");
        }
        String host = headers.get(HttpHeaderNames.HOST);
        if (!Authority.isValid(host)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "malformed host");
        }
        headers.remove(HttpHeaderNames.HOST);
        return host;
    }

    /** Netty has made sure that it is a number. */
    static long contentLength(HttpHeaders headers, int marks) {
        if ((marks & HeaderMarks.CONTENT_LENGTH) == 0) {
            return -1;
        }
        String text = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        long length = Long.parseLong(text);
        if (text.length() > 1 && text.charAt(0) == '0') {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        }
        return length;
    }

    /**
     * Whether the client waits for 100 Continue. Where it cannot (no body, HTTP/1.0) the header is removed, lest the
     * upstream answers what nobody waits for (RFC 9110 section 10.1.1).
     */
    private static boolean expectsContinue(HttpHeaders headers, boolean old, boolean body) {
        if (!old) {
            for (String value : headers.getAll(HttpHeaderNames.EXPECT)) {
                if (!"100-continue".equalsIgnoreCase(value)) {
                    throw new Refusal(ErrorCode.EXPECTATION_FAILED, "unknown expectation");
                }
            }
        }
        boolean waits = body && !old;
        if (!waits) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        return waits;
    }

    private static void removeNettyCarriers(HttpHeaders headers) {
        for (Map.Entry<String, String> entry : headers.entries()) {
            String name = entry.getKey();
            if (name.regionMatches(true, 0, NETTY_PREFIX, 0, NETTY_PREFIX.length())) {
                headers.remove(name);
            }
        }
    }

    /** RFC 9110 section 7.6.2. */
    private static void countForward(HttpHeaders headers) {
        String text = headers.get(HttpHeaderNames.MAX_FORWARDS);
        if (text.isEmpty() || text.length() > 9) {
            return;
        }
        int left = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Tokens.isDigit(c)) {
                return;
            }
            left = left * 10 + c - '0';
        }
        if (left == 0) {
            throw Refusal.wellFormed(ErrorCode.DIRECT_RESPONSE, "Max-Forwards is 0");
        }
        headers.set(HttpHeaderNames.MAX_FORWARDS, Integer.toString(left - 1));
    }
}
