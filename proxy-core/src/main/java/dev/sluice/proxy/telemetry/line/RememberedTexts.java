package dev.sluice.proxy.telemetry.line;

import org.jspecify.annotations.Nullable;

/**
 * Texts of objects that come with line after line, such as the addresses of a connection: looking one up costs a fraction of
 * putting it together. A fixed number of sets of two, enough for the addresses of some five hundred connections; a third
 * object of a set takes the place of the one that was kept longest.
 *
 * <p>Not thread-safe.
 */
final class RememberedTexts {
    private static final int SETS = 2048;
    private static final int SET_SIZE = 2;

    /**
     * @param of what the text is of, that very object
     * @param first what it says something of besides; another object there makes the text another one
     * @param second as {@code first}
     * @param text never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Remembered(Object of, @Nullable Object first, @Nullable Object second, byte[] text) {
        boolean isOf(Object object, @Nullable Object one, @Nullable Object other) {
            return of == object && first == one && second == other;
        }
    }

    private final @Nullable Remembered[] sets = new Remembered[SETS * SET_SIZE];

    /** The text of those very objects; null when it is not remembered. */
    byte @Nullable [] of(Object object, @Nullable Object first, @Nullable Object second) {
        int set = set(object);
        Remembered newer = sets[set];
        if (newer != null && newer.isOf(object, first, second)) {
            return newer.text;
        }
        Remembered older = sets[set + 1];
        return older != null && older.isOf(object, first, second) ? older.text : null;
    }

    /** Remembers {@code text}, which nobody may change any more, for objects that are not remembered. */
    void keep(Object object, @Nullable Object first, @Nullable Object second, byte[] text) {
        int set = set(object);
        sets[set + 1] = sets[set];
        sets[set] = new Remembered(object, first, second, text);
    }

    private static int set(Object object) {
        return (System.identityHashCode(object) & (SETS - 1)) * SET_SIZE;
    }
}
