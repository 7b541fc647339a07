package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.FieldChars;

/** Reads the heads of responses; the reason phrase is dropped (RFC 9112 section 4). */
public final class ResponseParser extends HeadParser {
    /** Up to the minor version's digit. */
    private static final int VERSION_LENGTH = 8;

    private int status;
    private boolean old;
    private boolean toHead;

    /** A parser for one connection. */
    public ResponseParser(WireLimits limits) {
        super(limits, false);
    }

    /** The next final response answers a request whose method is HEAD, if {@code head}, and so has no body. */
    public void expect(boolean head) {
        toHead = head;
    }

    /** Whether the head that was read last answers a HEAD request. */
    boolean isToHead() {
        return toHead;
    }

    /** Status of the head that was read last, 100 to 999. */
    int status() {
        return status;
    }

    /** Whether the head that was read last is of HTTP/1.0. */
    boolean isOld() {
        return old;
    }

    @Override
    int firstLine(byte[] lines, int at, int end) {
        int lineEnd = at;
        while (lineEnd < end && FieldChars.isValue(lines[lineEnd])) {
            lineEnd++;
        }
        if (lineEnd == end) {
            return at;
        }
        if (lines[lineEnd] != '\r') {
            throw protocol("control character in the status line");
        }
        if (lineEnd + 1 == end) {
            return at;
        }
        if (lines[lineEnd + 1] != '\n') {
            throw protocol("control character in the status line");
        }
        int number = at + VERSION_LENGTH;
        if (lineEnd < number || !isVersion(lines, at)) {
            throw protocol("HTTP version is neither 1.0 nor 1.1");
        }
        // One blank is the rule; a server that sends more of them still says one thing only.
        while (number < lineEnd && lines[number] == ' ') {
            number++;
        }
        if (number == at + VERSION_LENGTH || lineEnd - number < 3 || !isStatus(lines, number)) {
            throw protocol("status is not three digits from 100 on");
        }
        if (lineEnd - number > 3 && lines[number + 3] != ' ' && lines[number + 3] != '\t') {
            throw protocol("status is not three digits from 100 on");
        }
        status = (lines[number] - '0') * 100 + (lines[number + 1] - '0') * 10 + lines[number + 2] - '0';
        old = lines[at + VERSION_LENGTH - 1] == '0';
        return lineEnd + 2;
    }

    private static boolean isVersion(byte[] line, int at) {
        return line[at] == 'H'
                && line[at + 1] == 'T'
                && line[at + 2] == 'T'
                && line[at + 3] == 'P'
                && line[at + 4] == '/'
                && line[at + 5] == '1'
                && line[at + 6] == '.'
                && (line[at + 7] == '1' || line[at + 7] == '0');
    }

    private static boolean isStatus(byte[] line, int at) {
        return line[at] != '0'
                && Tokens.isDigit(line[at])
                && Tokens.isDigit(line[at + 1])
                && Tokens.isDigit(line[at + 2]);
    }

    private static Refusal protocol(String detail) {
        return new Refusal(ErrorCode.UPSTREAM_PROTOCOL, detail);
    }
}
