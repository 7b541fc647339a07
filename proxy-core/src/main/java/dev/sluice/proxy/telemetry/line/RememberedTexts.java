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
    /** Object and text, then those that were kept before them: one line of the processor's cache holds all four. */
    private static final int SET_SIZE = 4;

    private final @Nullable Object[] sets = new Object[SETS * SET_SIZE];

    /** The text of that very object; null when it is not remembered. */
    byte @Nullable [] of(Object object) {
        int set = set(object);
        if (sets[set] == object) {
            return (byte[]) sets[set + 1];
        }
        return sets[set + 2] == object ? (byte[]) sets[set + 3] : null;
    }

    /** Remembers {@code text}, which nobody may change any more, for an object that is not remembered. */
    void keep(Object object, byte[] text) {
        int set = set(object);
        sets[set + 2] = sets[set];
        sets[set + 3] = sets[set + 1];
        sets[set] = object;
        sets[set + 1] = text;
    }

    private static int set(Object object) {
        return (System.identityHashCode(object) & (SETS - 1)) * SET_SIZE;
    }
}
