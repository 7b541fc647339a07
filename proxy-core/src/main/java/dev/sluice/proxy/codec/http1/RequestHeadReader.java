package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link RequestHead} of what a parser has read: its headers go on without {@code host} and what belongs to the
 * connection. Refuses what spec/reliability.md B1 to B3 refuses in a head, and says how the body is framed.
 */
public final class RequestHeadReader {
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString NETTY_PREFIX = AsciiString.cached("x-http2-");
    /** Of a length: what a long holds. */
    private static final int MAX_DIGITS = 19;

    private final BodyParser body;
    private final TextMemory hosts = new TextMemory();
    private String validHost = "";
    private boolean keepAlive;
    private boolean acceptsTrailers;
    private String authority = "";
    private long length = -1;

    /** @param body is told what follows each head */
    public RequestHeadReader(BodyParser body) {
        this.body = body;
    }

    /**
     * Reads the head that {@code parser} read last.
     *
     * @param tls whether it came over TLS
     * @throws Refusal when it must not pass
     */
    public RequestHead read(RequestParser parser, boolean tls) {
        keepAlive = false;
        acceptsTrailers = false;
        authority = "";
        length = -1;
        int marks = parser.marks();
        boolean old = parser.isOld();
        String method = parser.method();
        H1Headers headers = parser.headers();
        refuseBadFraming(headers, marks, old);
        length = contentLength(headers, marks);
        refuseConnect(method, marks);
        String host = takeHost(headers, marks, old);
        String path = path(parser.target(), method, host, tls);
        boolean hasBody = openBody(marks);
        boolean expectContinue = (marks & HeaderMarks.EXPECT) != 0 && expectsContinue(headers, old, hasBody);
        boolean websocket = (marks & HeaderMarks.UPGRADE) != 0
                && !old
                && !hasBody
                && method.equals(RequestParser.GET)
                && HopByHop.lists(headers.value(headers.find(HttpHeaderNames.UPGRADE, 0)), WEBSOCKET);
        int options = HopByHop.strip(headers, marks);
        keepAlive = (options & HopByHop.CLOSE) == 0 && (!old || (options & HopByHop.KEEP_ALIVE) != 0);
        acceptsTrailers = !old && (options & HopByHop.TRAILERS) != 0;
        if (method.equals(RequestParser.TRACE)) {
            throw Refusal.wellFormed(ErrorCode.METHOD_NOT_ALLOWED, "TRACE");
        }
        if ((marks & HeaderMarks.NETTY_CARRIER) != 0) {
            removeNettyCarriers(headers);
        }
        if ((marks & HeaderMarks.MAX_FORWARDS) != 0 && method.equals(RequestParser.OPTIONS)) {
            countForward(headers);
        }
        return RequestHead.builder(version(old), method, path, headers)
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

    /** What can be told of a request that was refused, for the log; null when not even its first line could be read. */
    public @Nullable RequestHead salvage(RequestParser parser) {
        if (!parser.hasFirstLine()) {
            return null;
        }
        H1Headers headers = parser.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (host == null) {
            host = authority;
        } else {
            headers.remove(HttpHeaderNames.HOST);
        }
        return RequestHead.builder(version(parser.isOld()), parser.method(), parser.target(), headers)
                .authority(host)
                .contentLength(length)
                .build();
    }

    private static HttpVersion version(boolean old) {
        return old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static void refuseBadFraming(H1Headers headers, int marks, boolean old) {
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
        if (old || (marks & HeaderMarks.CONTENT_LENGTH) != 0) {
            // RFC 9112 sections 6.1 and 6.3: who reads one and who reads the other would see two messages.
            throw new Refusal(ErrorCode.BAD_REQUEST, "transfer-encoding beside content-length, or in HTTP/1.0");
        }
        switch (TransferCoding.of(headers.value(headers.find(HttpHeaderNames.TRANSFER_ENCODING, 0)))) {
            case CHUNKED -> {}
            case OTHERS_THEN_CHUNKED ->
                throw new Refusal(ErrorCode.NOT_IMPLEMENTED, "transfer coding other than chunked");
            case MALFORMED -> throw new Refusal(ErrorCode.BAD_REQUEST, "malformed transfer-encoding");
        }
    }

    private boolean openBody(int marks) {
        if ((marks & HeaderMarks.TRANSFER_ENCODING) != 0) {
            body.chunked();
            return true;
        }
        body.length(Math.max(0, length));
        return length > 0;
    }

    private static void refuseConnect(String method, int marks) {
        if (method.equals(RequestParser.CONNECT)) {
            throw (marks & (HeaderMarks.CONTENT_LENGTH | HeaderMarks.TRANSFER_ENCODING)) != 0
                    ? new Refusal(ErrorCode.BAD_REQUEST, "CONNECT with a body")
                    : new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "CONNECT");
        }
    }

    private String takeHost(H1Headers headers, int marks, boolean old) {
        if ((marks & HeaderMarks.HOST) == 0) {
            throw old
                    ? new Refusal(ErrorCode.UPGRADE_REQUIRED, "HTTP/1.0 without host")
                    : new Refusal(ErrorCode.BAD_REQUEST, "no host");
        }
        if ((marks & HeaderMarks.SECOND_HOST) != 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "more than one host");
        }
        int line = headers.find(HttpHeaderNames.HOST, 0);
        String host = hosts.text(headers.text(), headers.valueStart(line), headers.valueLength(line));
        if (host.isEmpty() || !host.equals(validHost)) {
            if (!Authority.isValid(host)) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "malformed host");
            }
            validHost = host;
        }
        headers.remove(line);
        return host;
    }

    /** The path in the form that goes on; sets the authority. */
    private String path(String target, String method, String host, boolean tls) {
        if (target.charAt(0) == '/') {
            authority = host;
            return target;
        }
        RequestTarget other = RequestTarget.read(target, method.equals(RequestParser.OPTIONS), host, tls);
        authority = other.authority();
        return other.path();
    }

    /**
     * The declared length in bytes; -1 when there is none. Written anew when it has leading zeros.
     *
     * @throws Refusal unless it is a number that a {@code long} holds
     */
    static long contentLength(H1Headers headers, int marks) {
        if ((marks & HeaderMarks.CONTENT_LENGTH) == 0) {
            return -1;
        }
        int line = headers.find(HttpHeaderNames.CONTENT_LENGTH, 0);
        int at = headers.valueStart(line);
        int digits = headers.valueLength(line);
        long length = digits == 0 || digits > MAX_DIGITS ? -1 : 0;
        for (int i = 0; i < digits && length >= 0; i++) {
            byte digit = headers.text()[at + i];
            // Nineteen digits may run over into the sign, which ends the loop too.
            length = Tokens.isDigit(digit) ? length * 10 + digit - '0' : -1;
        }
        if (length < 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "content-length is no number");
        }
        if (digits > 1 && headers.text()[at] == '0') {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        }
        return length;
    }

    /**
     * Whether the client waits for 100 Continue. Where it cannot (no body, HTTP/1.0), or expects nothing, the header is
     * removed, lest the upstream answers what nobody waits for (RFC 9110 section 10.1.1).
     */
    private static boolean expectsContinue(H1Headers headers, boolean old, boolean body) {
        boolean waits = false;
        if (!old) {
            for (String value : headers.getAll(HttpHeaderNames.EXPECT)) {
                if ("100-continue".equalsIgnoreCase(value)) {
                    waits = body;
                } else if (!value.isEmpty()) {
                    throw new Refusal(ErrorCode.EXPECTATION_FAILED, "unknown expectation");
                }
            }
        }
        if (!waits) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        return waits;
    }

    private static void removeNettyCarriers(H1Headers headers) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.isPrefixed(i, NETTY_PREFIX)) {
                headers.remove(i);
            }
        }
    }

    /** RFC 9110 section 7.6.2. */
    private static void countForward(H1Headers headers) {
        String text = headers.value(headers.find(HttpHeaderNames.MAX_FORWARDS, 0));
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
