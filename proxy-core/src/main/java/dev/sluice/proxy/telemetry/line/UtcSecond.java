package dev.sluice.proxy.telemetry.line;

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
        LocalDateTime at = at(Math.floorDiv(epochMillis, 1000L));
        writeDate(line, at);
        line.raw('T');
        writeTime(line, at);
        line.raw('.').padded((int) Math.floorMod(epochMillis, 1000L), 3).raw('Z');
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
