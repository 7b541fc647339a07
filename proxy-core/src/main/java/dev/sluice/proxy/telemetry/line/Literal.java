package dev.sluice.proxy.telemetry.line;

/**
 * Up to eight characters of ASCII between two values, written as one word.
 *
 * @param word the characters, the first one lowest; zeros behind them
 * @param length how many they are
 */
public record Literal(long word, int length) {
    /** @param text one to eight characters of ASCII */
    public static Literal of(String text) {
        if (text.isEmpty() || text.length() > Long.BYTES) {
            throw new IllegalArgumentException("'" + text + "' is not of one to eight characters");
        }
        long word = 0;
        for (int i = 0; i < text.length(); i++) {
            word |= (long) text.charAt(i) << (i * Byte.SIZE);
        }
        return new Literal(word, text.length());
    }
}
