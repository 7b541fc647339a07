package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Headers that belong to one attempt (attempt count, remaining deadline). The request head itself never holds these
 * names, so an encoder appends them without looking.
 *
 * <p>Not thread-safe; belongs to the attempt's event loop.
 */
public final class HeaderOverlay {
    /** Nothing to add; must not be changed. */
    public static final HeaderOverlay NONE = new HeaderOverlay();

    /** Two headers: what a try with a deadline of gRPC has. */
    private static final int CAPACITY = 4;

    /** A name and its value, by turns. */
    private CharSequence @Nullable [] fields;

    private int size;

    /** Adds one header; lower-case name. */
    public void add(AsciiString name, CharSequence value) {
        CharSequence[] held = fields;
        if (held == null) {
            held = new CharSequence[CAPACITY];
            fields = held;
        } else if (2 * size == held.length) {
            held = Arrays.copyOf(held, 2 * held.length);
            fields = held;
        }
        held[2 * size] = name;
        held[2 * size + 1] = value;
        size++;
    }

    /** Number of headers. */
    public int size() {
        return size;
    }

    /** Name of the header at {@code index}, below {@link #size()}. */
    public AsciiString name(int index) {
        return (AsciiString) Objects.requireNonNull(fields)[2 * index];
    }

    /** Value of the header at {@code index}, below {@link #size()}. */
    public CharSequence value(int index) {
        return Objects.requireNonNull(fields)[2 * index + 1];
    }

    /** Calls {@code visitor} for each header in order. */
    public void forEach(Headers.Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.entry(name(i), value(i));
        }
    }
}
