package dev.sluice.proxy.telemetry.line;

/** Decimal digits of numbers. Pure. */
final class Digits {
    /** Of the longest number, its sign included. */
    static final int MOST = 20;

    private static final int SMALL = 1000;

    private Digits() {}

    /** Writes {@code value} from {@code at} on, where there is room for {@link #MOST}; returns where it ends. */
    static int write(byte[] to, int at, long value) {
        return value >= 0 && value < SMALL ? small(to, at, (int) value) : large(to, at, value);
    }

    /** Most numbers: statuses, milliseconds, parts of addresses. */
    private static int small(byte[] to, int start, int value) {
        int at = start;
        int rest = value;
        if (value >= 100) {
            int hundreds = value / 100;
            to[at++] = (byte) ('0' + hundreds);
            rest -= hundreds * 100;
        }
        if (value >= 10) {
            int tens = rest / 10;
            to[at++] = (byte) ('0' + tens);
            rest -= tens * 10;
        }
        to[at++] = (byte) ('0' + rest);
        return at;
    }

    private static int large(byte[] to, int start, long value) {
        // Counting down from zero instead of up: the least long has no positive counterpart.
        long rest = value < 0 ? value : -value;
        int digits = 1;
        for (long more = rest; more <= -10; more /= 10) {
            digits++;
        }
        int at = start;
        if (value < 0) {
            to[at++] = '-';
        }
        for (int i = at + digits - 1; i >= at; i--) {
            to[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /** Writes the last {@code width} digits of a number that is not negative, padded with zeros. */
    static void padded(byte[] to, int at, int value, int width) {
        int rest = value;
        for (int i = at + width - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
