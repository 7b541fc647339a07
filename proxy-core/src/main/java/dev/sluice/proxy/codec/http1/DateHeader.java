package dev.sluice.proxy.codec.http1;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of {@code date}, formatted once a second for the whole process. */
final class DateHeader {
    private static final long SECOND = 1_000;

    /** IMF-fixdate, RFC 9110 section 5.6.7. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static volatile Formatted last = new Formatted(Long.MIN_VALUE, AsciiString.EMPTY_STRING);

    private DateHeader() {}

    /** The date now. Threads may format the same second twice; both get the same text. */
    static AsciiString now() {
        long second = System.currentTimeMillis() / SECOND;
        Formatted known = last;
        if (known.second != second) {
            known = new Formatted(second, new AsciiString(FORMAT.format(Instant.ofEpochSecond(second))));
            last = known;
        }
        return known.text;
    }

    private record Formatted(long second, AsciiString text) {}
}
