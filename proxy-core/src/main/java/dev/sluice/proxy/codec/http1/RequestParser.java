package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.FieldChars;
import java.nio.charset.StandardCharsets;

/** Reads the heads of requests: method, target and version with one blank between them (RFC 9112 section 3). */
public final class RequestParser extends HeadParser {
    static final String GET = "GET";
    static final String OPTIONS = "OPTIONS";
    static final String CONNECT = "CONNECT";
    static final String TRACE = "TRACE";

    /** Of RFC 9110 section 9.3 and PATCH, one object each: hardly any request has another method. */
    private static final String[] METHODS = {
        GET, "POST", "PUT", "HEAD", "DELETE", "PATCH", OPTIONS, CONNECT, TRACE,
    };

    private static final int VERSION_LENGTH = 8;

    private final TextMemory targets = new TextMemory();
    private String method = "";
    private String target = "";
    private boolean old;

    /** A parser for one connection. */
    public RequestParser(WireLimits limits) {
        super(limits, true);
    }

    /** Method of the head that was read last, with case. */
    String method() {
        return method;
    }

    /** Request target of the head that was read last. */
    String target() {
        return target;
    }

    /** Whether the head that was read last is of HTTP/1.0. */
    boolean isOld() {
        return old;
    }

    @Override
    int firstLine(byte[] lines, int at, int end) {
        int methodEnd = at;
        while (methodEnd < end && FieldChars.isToken(lines[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == end) {
            return at;
        }
        if (lines[methodEnd] != ' ' || methodEnd == at) {
            if (methodEnd == at && lines[at] == '\r' && at + 1 == end) {
                // Perhaps an empty line ahead of the request.
                return at;
            }
            throw malformed("no method where a request should begin");
        }
        int targetStart = methodEnd + 1;
        int targetEnd = targetStart;
        while (targetEnd < end && Tokens.isTargetChar(lines[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == end) {
            return at;
        }
        if (lines[targetEnd] != ' ' || targetEnd == targetStart) {
            throw malformed("no request target, or a character in it that it must not hold");
        }
        int version = targetEnd + 1;
        int lineEnd = version + VERSION_LENGTH;
        if (lineEnd + 2 > end) {
            return incomplete(lines, version, end, at);
        }
        boolean isOld = version(lines, version);
        if (!isLineEnd(lines, lineEnd)) {
            throw malformed("something other than the line's end follows the version");
        }
        method = method(lines, at, methodEnd - at);
        target = targets.text(lines, targetStart, targetEnd - targetStart);
        old = isOld;
        return lineEnd + 2;
    }

    private static String method(byte[] line, int start, int length) {
        for (String known : METHODS) {
            if (known.length() == length && TextMemory.isText(known, line, start)) {
                return known;
            }
        }
        return new String(line, start, length, StandardCharsets.ISO_8859_1);
    }

    /** A line that has ended is too short, whatever else is to come. */
    private static int incomplete(byte[] lines, int version, int end, int at) {
        for (int i = version; i < end; i++) {
            if (lines[i] == '\n') {
                throw malformed("malformed HTTP version");
            }
        }
        return at;
    }

    /** Reads {@code HTTP/x.y}; whether it is 1.0. */
    private static boolean version(byte[] line, int at) {
        if (line[at] != 'H'
                || line[at + 1] != 'T'
                || line[at + 2] != 'T'
                || line[at + 3] != 'P'
                || line[at + 4] != '/'
                || !Tokens.isDigit(line[at + 5])
                || line[at + 6] != '.'
                || !Tokens.isDigit(line[at + 7])) {
            throw malformed("malformed HTTP version");
        }
        if (line[at + 5] != '1') {
            throw new Refusal(ErrorCode.VERSION_NOT_SUPPORTED, "HTTP version other than 1.x");
        }
        // A later minor version is to be read as the highest that we know (RFC 9110 section 2.5).
        return line[at + 7] == '0';
    }
}
