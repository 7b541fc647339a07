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
    private static final int ISO_LENGTH = 24;

    private long epochSecond = Long.MIN_VALUE;
    private LocalDateTime fields = LocalDateTime.MIN;
    /** {@code 2026-11-21T05:24:00.123Z} of {@link #isoMillis}: many a line begins in the same millisecond too. */
    private final byte[] iso = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.US_ASCII);

    private long isoMillis;
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
        line.raw(iso(epochMillis));
    }

    /** Writes the same from {@code at} on; returns where it ends. */
    int writeIso(byte[] to, int at, long epochMillis) {
        System.arraycopy(iso(epochMillis), 0, to, at, ISO_LENGTH);
        return at + ISO_LENGTH;
    }

    private byte[] iso(long epochMillis) {
        if (epochMillis != isoMillis || isoSecond == Long.MIN_VALUE) {
            long second = Math.floorDiv(epochMillis, 1000L);
            if (second != isoSecond) {
                writeIso(at(second));
                isoSecond = second;
            }
            Digits.padded(iso, 20, (int) (epochMillis - second * 1000L), 3);
            isoMillis = epochMillis;
        }
        return iso;
    }

    private void writeIso(LocalDateTime at) {
        Digits.padded(iso, 0, at.getYear(), 4);
        Digits.padded(iso, 5, at.getMonthValue(), 2);
        Digits.padded(iso, 8, at.getDayOfMonth(), 2);
        Digits.padded(iso, 11, at.getHour(), 2);
        Digits.padded(iso, 14, at.getMinute(), 2);
        Digits.padded(iso, 17, at.getSecond(), 2);
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
