package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.FieldChars;
import dev.sluice.proxy.stream.headers.H1Headers;

/**
 * Reads the field lines of a head, or of trailers, up to and with the empty line that ends them (RFC 9112 section 5). A
 * byte is looked at once: by the table that says whether it may stand where it stands.
 */
final class FieldParser {
    private static final int CR = '\r';
    private static final int LF = '\n';

    private final WireLimits limits;
    private final boolean ofRequest;
    private H1Headers headers = new H1Headers(0, 0);
    private int marks;
    private int fields;
    private int bytes;
    private boolean ended;

    /** @param ofRequest a client's fields are never folded, and no blank stands before the colon */
    FieldParser(WireLimits limits, boolean ofRequest) {
        this.limits = limits;
        this.ofRequest = ofRequest;
    }

    /** Starts anew, with an empty object to add to. */
    void start(H1Headers empty) {
        headers = empty;
        marks = 0;
        fields = 0;
        bytes = 0;
        ended = false;
    }

    /** What was read; the next start gives it away. */
    H1Headers headers() {
        return headers;
    }

    /** What {@link HeaderMarks} found. */
    int marks() {
        return marks;
    }

    /** Whether the empty line was read. */
    boolean isEnded() {
        return ended;
    }

    /**
     * Reads the lines in {@code from[at, end)}.
     *
     * @return where the first line starts that is not complete
     */
    int read(byte[] from, int at, int end) {
        int start = at;
        int next = line(from, start, end);
        while (next > start && !ended) {
            start = next;
            next = line(from, start, end);
        }
        return next;
    }

    /** Refuses a line in progress that is longer than what may still come. */
    void requireRoom(int length) {
        if (length > limits.maxHeaderBytes() - bytes) {
            throw new Refusal(
                    ErrorCode.HEADERS_TOO_LARGE, "more than " + limits.maxHeaderBytes() + " bytes of headers");
        }
    }

    /** Reads one line; returns {@code start} when it is not complete. */
    private int line(byte[] from, int start, int end) {
        if (start == end) {
            return start;
        }
        byte first = from[start];
        if (first == CR) {
            return emptyLine(from, start, end);
        }
        if (first == ' ' || first == '\t') {
            return folded(from, start, end);
        }
        int nameEnd = start;
        while (nameEnd < end && FieldChars.isToken(from[nameEnd])) {
            nameEnd++;
        }
        int colon = ofRequest ? nameEnd : skipBlanks(from, nameEnd, end);
        if (colon == end) {
            return start;
        }
        if (from[colon] != ':' || nameEnd == start) {
            throw malformed("a header's name is no token, or without a colon");
        }
        int value = skipBlanks(from, colon + 1, end);
        int valueEnd = valueEnd(from, value, end);
        if (valueEnd < 0) {
            return start;
        }
        int nameLength = nameEnd - start;
        count(valueEnd - start, nameLength);
        headers.line(from, start, nameLength, value, trimmed(from, value, valueEnd));
        int mark = HeaderMarks.of(from, start, nameLength);
        if (mark != 0) {
            marks = HeaderMarks.add(marks, mark);
        }
        return valueEnd + 2;
    }

    private int emptyLine(byte[] from, int start, int end) {
        if (start + 1 == end) {
            return start;
        }
        if (from[start + 1] != LF) {
            throw malformed("a carriage return without a line feed");
        }
        ended = true;
        return start + 2;
    }

    /**
     * A line that goes on with the one before (obs-fold). Clients that send it are up to no good; of servers it is joined,
     * as recipients long did (RFC 9112 section 5.2).
     */
    private int folded(byte[] from, int start, int end) {
        if (ofRequest || fields == 0) {
            throw malformed("a header is folded over several lines");
        }
        int text = skipBlanks(from, start, end);
        int textEnd = valueEnd(from, text, end);
        if (textEnd < 0) {
            return start;
        }
        requireRoom(textEnd - start);
        bytes += textEnd - start;
        headers.unfold(from, text, trimmed(from, text, textEnd));
        return textEnd + 2;
    }

    private void count(int length, int nameLength) {
        if (++fields > limits.maxHeaders()) {
            throw new Refusal(ErrorCode.HEADERS_TOO_LARGE, "more than " + limits.maxHeaders() + " headers");
        }
        requireRoom(length);
        if (nameLength > H1Headers.LONGEST_NAME) {
            throw new Refusal(ErrorCode.HEADERS_TOO_LARGE, "a header's name is too long");
        }
        bytes += length;
    }

    /** Where the carriage return of a line's end stands; -1 when the line is not complete. */
    private static int valueEnd(byte[] from, int start, int end) {
        int i = start;
        while (i < end && FieldChars.isValue(from[i])) {
            i++;
        }
        if (i == end) {
            return -1;
        }
        if (from[i] != CR) {
            throw malformed("a control character in a header's value, or a line feed without a carriage return");
        }
        if (i + 1 == end) {
            return -1;
        }
        if (from[i + 1] != LF) {
            throw malformed("a carriage return in a header's value");
        }
        return i;
    }

    private static int skipBlanks(byte[] from, int start, int end) {
        int i = start;
        while (i < end && (from[i] == ' ' || from[i] == '\t')) {
            i++;
        }
        return i;
    }

    /** Length of what starts at {@code start} without the blanks at its end. */
    private static int trimmed(byte[] from, int start, int end) {
        int i = end;
        while (i > start && (from[i - 1] == ' ' || from[i - 1] == '\t')) {
            i--;
        }
        return i - start;
    }

    private static Refusal malformed(String detail) {
        return new Refusal(ErrorCode.BAD_REQUEST, detail);
    }
}
