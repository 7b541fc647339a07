package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;

/**
 * Makes a {@link ResponseHead} of a decoded response, which it takes apart: its headers go on without what belongs to
 * the connection. Refuses what spec/reliability.md B4 refuses in a head.
 */
public final class ResponseHeadReader {
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");

    private boolean keepAlive;
    private boolean untilClose;
    private int idleSeconds = -1;

    /**
     * Reads the head that {@code parser} decoded last.
     *
     * @param toHead it answers a HEAD request
     * @param upgrade what the request asked to switch to; empty if nothing
     * @throws Refusal when it must not pass
     */
    public ResponseHead read(HttpResponse response, ResponseParser parser, boolean toHead, String upgrade) {
        int marks = parser.marks();
        int status = response.status().code();
        HttpHeaders headers = response.headers();
        boolean bodiless = status < 200 || status == 204 || status == 304 || toHead;
        if ((marks & HeaderMarks.SECOND_CONTENT_LENGTH) != 0) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "more than one content-length");
        }
        boolean chunked = !bodiless && (marks & HeaderMarks.TRANSFER_ENCODING) != 0;
        if (chunked
                && ((marks & HeaderMarks.SECOND_TRANSFER_ENCODING) != 0
                        || !CHUNKED.contentEqualsIgnoreCase(headers.get(HttpHeaderNames.TRANSFER_ENCODING)))) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "transfer coding other than chunked");
        }
        if (status == 101) {
            requireAskedFor(headers, marks, upgrade);
        }
        long length = RequestHeadReader.contentLength(headers, marks);
        if (status < 200 || status == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            length = -1;
        } else if (status == 205) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            length = 0;
        }
        idleSeconds = (marks & HeaderMarks.KEEP_ALIVE) == 0 ? -1 : KeepAlive.timeout(headers);
        int options = HopByHop.strip(headers, marks);
        boolean old = response.protocolVersion().minorVersion() == 0;
        untilClose = !bodiless && !chunked && (marks & HeaderMarks.CONTENT_LENGTH) == 0;
        keepAlive = !untilClose && (options & HopByHop.CLOSE) == 0 && (!old || (options & HopByHop.KEEP_ALIVE) != 0);
        return new ResponseHead(status, new H1Headers(headers), length);
    }

    /** Whether the upstream keeps the connection after the last response. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Seconds of {@code Keep-Alive: timeout} in the last response; -1 for none. */
    public int idleSeconds() {
        return idleSeconds;
    }

    /** Whether the last response's body ends where the connection does. */
    public boolean untilClose() {
        return untilClose;
    }

    private static void requireAskedFor(HttpHeaders headers, int marks, String upgrade) {
        if (upgrade.isEmpty()
                || (marks & HeaderMarks.UPGRADE) == 0
                || !HopByHop.lists(headers.get(HttpHeaderNames.UPGRADE), AsciiString.of(upgrade))) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "switches to a protocol that was not asked for");
        }
    }
}
