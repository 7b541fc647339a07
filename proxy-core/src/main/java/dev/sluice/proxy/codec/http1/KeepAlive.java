package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;

/** Reads the {@code Keep-Alive} header (RFC 2068, section 19.7.1.1): a list of parameters in any order. Pure. */
final class KeepAlive {
    private static final AsciiString NAME = AsciiString.cached("keep-alive");
    private static final String TIMEOUT = "timeout";
    /** Beyond a day it makes no difference, and nothing runs over. */
    private static final int MOST = 86_400;

    private KeepAlive() {}

    /** Seconds of its {@code timeout}, a day at most; -1 when there is none that can be read. */
    static int timeout(H1Headers headers) {
        String value = headers.get(NAME);
        return value == null ? -1 : timeout(value);
    }

    static int timeout(String value) {
        int start = 0;
        while (start < value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            int equals = value.indexOf('=', start);
            if (equals >= 0 && equals < end && isTimeout(value, start, equals)) {
                return seconds(value, equals + 1, end);
            }
            start = end + 1;
        }
        return -1;
    }

    private static boolean isTimeout(String value, int start, int end) {
        int from = start;
        while (from < end && isSpace(value.charAt(from))) {
            from++;
        }
        int to = end;
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return to - from == TIMEOUT.length() && value.regionMatches(true, from, TIMEOUT, 0, TIMEOUT.length());
    }

    private static int seconds(String value, int start, int end) {
        int seconds = -1;
        for (int i = start; i < end; i++) {
            char c = value.charAt(i);
            if (c >= '0' && c <= '9') {
                seconds = Math.min(MOST, Math.max(0, seconds) * 10 + (c - '0'));
            } else if (!isSpace(c)) {
                return -1;
            }
        }
        return seconds;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
