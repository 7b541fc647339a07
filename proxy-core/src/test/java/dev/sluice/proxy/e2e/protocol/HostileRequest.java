package dev.sluice.proxy.e2e.protocol;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request as it stands on the wire, and what must become of it.
 *
 * @param item of spec/reliability.md B, and what is odd
 * @param status of the response; 0 where there may be none
 * @param marks what the upstream's bytes must hold ({@code +}) or must not ({@code -}), in lower case
 */
record HostileRequest(String item, Fate fate, int status, String bytes, List<String> marks) {
    /** What becomes of a request. */
    enum Fate {
        /** Answered here and the connection closed: where the next request begins is in doubt. Nothing goes upstream. */
        REFUSED,
        /** Answered here; the next request on the connection is served. */
        ANSWERED,
        /** Forwarded, and so is the next request. */
        PASSED,
        /** Forwarded, and the connection closed after the response. */
        PASSED_AND_CLOSED,
        /** Found to be wrong inside its body: the upstream never sees it complete. */
        CUT
    }

    static HostileRequest refused(int status, String item, String bytes) {
        return new HostileRequest(item, Fate.REFUSED, status, bytes, List.of());
    }

    static HostileRequest answered(int status, String item, String bytes) {
        return new HostileRequest(item, Fate.ANSWERED, status, bytes, List.of());
    }

    static HostileRequest passed(String item, String bytes, String... marks) {
        return new HostileRequest(item, Fate.PASSED, 200, bytes, List.of(marks));
    }

    static HostileRequest passedAndClosed(String item, String bytes, String... marks) {
        return new HostileRequest(item, Fate.PASSED_AND_CLOSED, 200, bytes, List.of(marks));
    }

    static HostileRequest cut(String item, String body) {
        return new HostileRequest(item, Fate.CUT, 0, chunked(body), List.of());
    }

    /** GET of {@code /} with further headers. */
    static String get(String headers) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
    }

    /** POST with the headers that frame its body, and what follows them. */
    static String post(String headers, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
    }

    private static String chunked(String body) {
        return post("Transfer-Encoding: chunked\r\n", body);
    }

    /** Null when {@code received} is as the marks ask, else the mark that it fails. */
    @Nullable
    String failedMark(String received) {
        String lower = received.toLowerCase(Locale.ROOT);
        for (String mark : marks) {
            if (lower.contains(mark.substring(1)) != (mark.charAt(0) == '+')) {
                return mark;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return item + " is " + fate.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (status > 0 ? " " + status : "");
    }
}
