package dev.sluice.proxy.telemetry.line;

import org.jspecify.annotations.Nullable;

/**
 * Texts of objects that come with line after line, such as the addresses of a connection: looking one up costs a fraction of
 * putting it together. A fixed number of places; a newer object takes that of an older one in the same place.
 *
 * <p>Not thread-safe.
 */
final class RememberedTexts {
    private static final int PLACES = 512;

    private final @Nullable Object[] objects = new Object[PLACES];
    private final byte[][] texts = new byte[PLACES][];

    /** The text of that very object; null when it is not remembered. */
    byte @Nullable [] of(Object object) {
        int place = place(object);
        return objects[place] == object ? texts[place] : null;
    }

    void keep(Object object, byte[] text) {
        int place = place(object);
        objects[place] = object;
        texts[place] = text;
    }

    private static int place(Object object) {
        return System.identityHashCode(object) & (PLACES - 1);
    }
}
