package dev.sluice.proxy.telemetry.line;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Calendar fields of one second in UTC, kept for the next line: nearly every line starts in the same second as the one
 * before it.
 *
 * <p>Not thread-safe.
 */
public final class UtcSecond {
    private long epochSecond = Long.MIN_VALUE;
    private LocalDateTime fields = LocalDateTime.MIN;
    /** {@code 2026-11-21T05:24:00.} of {@link #isoSecond}. */
    private final byte[] iso = "0000-00-00T00:00:00.".getBytes(StandardCharsets.US_ASCII);

    private long isoSecond = Long.MIN_VALUE;

    /** The fields of {@code second}, counted from 1970. */
    public LocalDateTime at(long second) {
        if (second != epochSecond) {
            fields = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            epochSecond = second;
        }
        return fields;
    }

    /** Writes {@code 2026-11-21T05:24:00.123Z}. */
    public void writeIso(LogLine line, long epochMillis) {
        long second = Math.floorDiv(epochMillis, 1000L);
        if (second != isoSecond) {
            writeIso(at(second));
            isoSecond = second;
        }
        line.raw(iso).padded((int) (epochMillis - second * 1000L), 3).raw('Z');
    }

    private void writeIso(LocalDateTime at) {
        digits(0, 4, at.getYear());
        digits(5, 2, at.getMonthValue());
        digits(8, 2, at.getDayOfMonth());
        digits(11, 2, at.getHour());
        digits(14, 2, at.getMinute());
        digits(17, 2, at.getSecond());
    }

    private void digits(int from, int width, int value) {
        int rest = value;
        for (int i = from + width - 1; i >= from; i--) {
            iso[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Writes {@code 2026-11-21}. */
    public static void writeDate(LogLine line, LocalDateTime at) {
        line.padded(at.getYear(), 4)
                .raw('-')
                .padded(at.getMonthValue(), 2)
                .raw('-')
                .padded(at.getDayOfMonth(), 2);
    }

    /** Writes {@code 05:24:00}. */
    public static void writeTime(LogLine line, LocalDateTime at) {
        line.padded(at.getHour(), 2).raw(':').padded(at.getMinute(), 2).raw(':').padded(at.getSecond(), 2);
    }
}
