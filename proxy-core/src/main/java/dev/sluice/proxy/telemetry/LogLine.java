package dev.sluice.proxy.telemetry;

import java.util.Arrays;

/**
 * A growing line of bytes that a formatter writes into; reused, so a line costs no allocation. What comes from outside is
 * written through {@link #escaped}: control characters, quotes and backslashes cannot break out of their field or line
 * (spec/reliability.md E10).
 *
 * <p>Not thread-safe; one per event loop.
 */
public final class LogLine {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /** Longest line in bytes; the rest is cut, so that one request cannot fill the queue. */
    static final int MAX_BYTES = 16 * 1024;

    private byte[] bytes = new byte[512];
    private int size;

    /** Starts anew. */
    public void clear() {
        size = 0;
    }

    /** Bytes written. */
    public int size() {
        return size;
    }

    /** The buffer; valid up to {@link #size()}. */
    byte[] array() {
        return bytes;
    }

    /** One ASCII character as it is. */
    public LogLine raw(char c) {
        put((byte) c);
        return this;
    }

    /** ASCII text of our own as it is. */
    public LogLine raw(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            put((byte) text.charAt(i));
        }
        return this;
    }

    /** A number. */
    public LogLine number(long value) {
        if (value < 0) {
            put((byte) '-');
            return number(-value);
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        ensure(digits);
        if (size + digits > MAX_BYTES) {
            return this;
        }
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** A number of at most {@code width} digits, padded with zeros. */
    public LogLine padded(int value, int width) {
        int power = 1;
        for (int i = 1; i < width; i++) {
            power *= 10;
        }
        for (int rest = value; power > 0; power /= 10) {
            put((byte) ('0' + rest / power % 10));
        }
        return this;
    }

    /** Text from outside: escaped so that it stays inside quotes, a line and ASCII. */
    public LogLine escaped(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                put((byte) '\\');
                put((byte) c);
            } else if (c >= ' ' && c <= '~') {
                put((byte) c);
            } else {
                unicode(c);
            }
        }
        return this;
    }

    private void unicode(char c) {
        put((byte) '\\');
        put((byte) 'u');
        put(HEX[(c >> 12) & 0xf]);
        put(HEX[(c >> 8) & 0xf]);
        put(HEX[(c >> 4) & 0xf]);
        put(HEX[c & 0xf]);
    }

    private void put(byte b) {
        if (size >= MAX_BYTES) {
            return;
        }
        ensure(1);
        bytes[size++] = b;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
