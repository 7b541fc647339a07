package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;

/**
 * Makes a {@link ResponseHead} of what a parser has read: its headers go on without what belongs to the connection.
 * Refuses what spec/reliability.md B4 refuses in a head, and says how the body is framed.
 */
public final class ResponseHeadReader {
    private final BodyParser body;
    private boolean keepAlive;
    private boolean untilClose;
    private int idleSeconds = -1;

    /** @param body is told what follows each head */
    public ResponseHeadReader(BodyParser body) {
        this.body = body;
    }

    /**
     * Reads the head that {@code parser} read last.
     *
     * @param upgrade what the request asked to switch to; empty if nothing
     * @throws Refusal when it must not pass
     */
    public ResponseHead read(ResponseParser parser, String upgrade) {
        int marks = parser.marks();
        int status = parser.status();
        H1Headers headers = parser.headers();
        boolean old = parser.isOld();
        boolean bodiless = status < 200 || status == 204 || status == 304 || parser.isToHead();
        if ((marks & HeaderMarks.SECOND_CONTENT_LENGTH) != 0) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "more than one content-length");
        }
        boolean chunked = !bodiless && (marks & HeaderMarks.TRANSFER_ENCODING) != 0;
        if (chunked) {
            requireChunkedOnly(headers, marks, old);
        }
        if (status == 101) {
            requireAskedFor(headers, marks, upgrade);
        }
        long length = RequestHeadReader.contentLength(headers, marks);
        openBody(bodiless, chunked, length);
        if (status < 200 || status == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            length = -1;
        } else if (status == 205) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            length = 0;
        }
        idleSeconds = (marks & HeaderMarks.KEEP_ALIVE) == 0 ? -1 : KeepAlive.timeout(headers);
        int options = HopByHop.strip(headers, marks);
        untilClose = body.isUntilClose();
        keepAlive = !untilClose && (options & HopByHop.CLOSE) == 0 && (!old || (options & HopByHop.KEEP_ALIVE) != 0);
        return new ResponseHead(status, headers, length);
    }

    private static void requireChunkedOnly(H1Headers headers, int marks, boolean old) {
        if (old || (marks & (HeaderMarks.CONTENT_LENGTH | HeaderMarks.SECOND_TRANSFER_ENCODING)) != 0) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "transfer-encoding beside content-length, or in HTTP/1.0");
        }
        String coding = headers.value(headers.find(HttpHeaderNames.TRANSFER_ENCODING, 0));
        if (TransferCoding.of(coding) != TransferCoding.CHUNKED) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "transfer coding other than chunked");
        }
    }

    private void openBody(boolean bodiless, boolean chunked, long length) {
        if (bodiless) {
            body.none();
        } else if (chunked) {
            body.chunked();
        } else if (length >= 0) {
            body.length(length);
        } else {
            body.untilClose();
        }
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

    private static void requireAskedFor(H1Headers headers, int marks, String upgrade) {
        if (upgrade.isEmpty()
                || (marks & HeaderMarks.UPGRADE) == 0
                || !HopByHop.lists(headers.value(headers.find(HttpHeaderNames.UPGRADE, 0)), AsciiString.of(upgrade))) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "switches to a protocol that was not asked for");
        }
    }
}
