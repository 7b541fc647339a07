package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.FieldChars;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.netty.util.CharsetUtil;

/**
 * Writes heads. The header object is written as it is, in its order, but for the names that the codec itself is
 * answerable for: those come from {@link #contentLength}, {@link #chunked} and {@link #connection} only, so that no
 * configured header can break the framing.
 *
 * <p>Order of calls: {@link #startRequest} or {@link #startResponse}, the rest, then {@link #end}. What may not be written
 * is refused before a buffer is taken, so that a head that was started is always ended. One instance a connection.
 */
public final class HeadWriter {
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_SPACE = ':' << 8 | ' ';
    private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
    private static final AsciiString VERSION_AFTER_TARGET = AsciiString.cached(" HTTP/1.1\r\nhost: ");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length: ");
    private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding: chunked\r\n");
    private static final AsciiString CONNECTION = AsciiString.cached("connection: ");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");
    private static final AsciiString DATE = AsciiString.cached("date");

    private static final NameSet OWN = NameSet.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "content-length",
            "upgrade",
            "http2-settings",
            "trailer");

    private static final AsciiString[] STATUS_LINES = new AsciiString[600];

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] = statusLine(status);
        }
    }

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private final Headers.Visitor toHeader = this::header;
    private int expectedSize = 512;
    private boolean dated;

    /**
     * Starts a request.
     *
     * @param room bytes to leave free behind the head
     * @throws Refusal when a part holds what would end it early; nothing was started then
     */
    public void startRequest(ByteBufAllocator alloc, RequestHead head, int room) {
        String method = head.method();
        String path = head.path();
        String authority = head.authority();
        requireToken(method);
        requireTarget(path);
        if (!authority.isEmpty() && !Authority.isValid(authority)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "authority that HTTP/1 cannot carry");
        }
        buffer = alloc.buffer(expectedSize + room);
        writeAscii(method);
        buffer.writeByte(' ');
        writeAscii(path);
        writeAscii(VERSION_AFTER_TARGET);
        writeAscii(authority);
        ByteBufUtil.writeShortBE(buffer, CRLF);
    }

    /** Starts a response, with {@code room} bytes behind it; always as HTTP/1.1, the highest version that we conform to (RFC 9110 section 6.2). */
    public void startResponse(ByteBufAllocator alloc, int status, int room) {
        buffer = alloc.buffer(expectedSize + room);
        dated = false;
        writeAscii(status >= 100 && status < STATUS_LINES.length ? STATUS_LINES[status] : statusLine(status));
    }

    /** Writes {@code headers} but for the codec's own: each run of lines that stand one behind the other at once. */
    public void headers(H1Headers headers) {
        int from = 0;
        int to = 0;
        for (int i = 0; i < headers.size(); i++) {
            if (OWN.contains(headers, i)) {
                continue;
            }
            dated |= headers.nameLength(i) == DATE.length() && headers.isPrefixed(i, DATE);
            if (headers.lineStart(i) != to) {
                buffer.writeBytes(headers.text(), from, to - from);
                from = headers.lineStart(i);
            }
            to = headers.lineEnd(i);
        }
        buffer.writeBytes(headers.text(), from, to - from);
    }

    /** Writes an attempt's headers. */
    public void overlay(HeaderOverlay overlay) {
        if (overlay.size() > 0) {
            overlay.forEach(toHeader);
        }
    }

    /** Writes one header. */
    public void header(CharSequence name, CharSequence value) {
        buffer.ensureWritable(name.length() + value.length() + 4);
        writeAscii(name);
        ByteBufUtil.writeShortBE(buffer, COLON_SPACE);
        writeAscii(value);
        ByteBufUtil.writeShortBE(buffer, CRLF);
    }

    /** Writes {@code date} unless {@link #headers} did. */
    public void date() {
        if (!dated) {
            header(DATE, DateHeader.now());
        }
    }

    /** The body has {@code length} bytes. */
    public void contentLength(long length) {
        writeAscii(CONTENT_LENGTH);
        writeDecimal(length);
        ByteBufUtil.writeShortBE(buffer, CRLF);
    }

    /** The body is chunked. */
    public void chunked() {
        writeAscii(CHUNKED);
    }

    /** Writes {@code connection}. */
    public void connection(AsciiString options) {
        writeAscii(CONNECTION);
        writeAscii(options);
        ByteBufUtil.writeShortBE(buffer, CRLF);
    }

    /** Ends the head and hands it out. */
    public ByteBuf end() {
        ByteBufUtil.writeShortBE(buffer, CRLF);
        ByteBuf head = buffer;
        buffer = Unpooled.EMPTY_BUFFER;
        // A moving average with room to spare: a buffer that has to grow is copied.
        expectedSize = (expectedSize * 3 + head.readableBytes() * 5 / 4) / 4 + 16;
        return head;
    }

    /** The last chunk with {@code trailers}, of which those that may not be trailers are left out. */
    static ByteBuf lastChunk(ByteBufAllocator alloc, H1Headers trailers) {
        HeadWriter writer = new HeadWriter();
        writer.buffer = alloc.buffer(256);
        writer.writeAscii(LAST_CHUNK);
        for (int i = 0; i < trailers.size(); i++) {
            if (HopByHop.mayBeTrailer(trailers.name(i))) {
                writer.buffer.writeBytes(
                        trailers.text(), trailers.lineStart(i), trailers.lineEnd(i) - trailers.lineStart(i));
            }
        }
        return writer.end();
    }

    private void writeDecimal(long value) {
        long power = 1;
        while (value / power > 9) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            buffer.writeByte('0' + (int) (value / power % 10));
        }
    }

    private void writeAscii(CharSequence text) {
        if (text instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, buffer);
        } else {
            buffer.writeCharSequence(text, CharsetUtil.US_ASCII);
        }
    }

    private static AsciiString statusLine(int status) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        return new AsciiString(VERSION + known.toString() + "\r\n");
    }

    private static void requireToken(String method) {
        boolean token = !method.isEmpty();
        for (int i = 0; i < method.length(); i++) {
            token &= FieldChars.isToken(method.charAt(i));
        }
        if (!token) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "method that HTTP/1 cannot carry");
        }
    }

    /** Paths are rewritten, also by regular expressions over what a client sent, and HTTP/2 allows more in them. */
    private static void requireTarget(String path) {
        boolean target = !path.isEmpty();
        for (int i = 0; i < path.length(); i++) {
            target &= Tokens.isTargetChar(path.charAt(i));
        }
        if (!target) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "path that HTTP/1 cannot carry");
        }
    }
}
