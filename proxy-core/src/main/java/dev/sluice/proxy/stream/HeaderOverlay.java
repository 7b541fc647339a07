package dev.sluice.proxy.stream;

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

    private static final int CAPACITY = 4;

    private AsciiString @Nullable [] names;
    private CharSequence @Nullable [] values;
    private int size;

    /** Adds one header; lower-case name. */
    public void add(AsciiString name, CharSequence value) {
        AsciiString[] heldNames = names;
        CharSequence[] heldValues = values;
        if (heldNames == null || heldValues == null) {
            heldNames = new AsciiString[CAPACITY];
            heldValues = new CharSequence[CAPACITY];
            names = heldNames;
            values = heldValues;
        } else if (size == heldNames.length) {
            heldNames = Arrays.copyOf(heldNames, size * 2);
            heldValues = Arrays.copyOf(heldValues, size * 2);
            names = heldNames;
            values = heldValues;
        }
        heldNames[size] = name;
        heldValues[size] = value;
        size++;
    }

    /** Number of headers. */
    public int size() {
        return size;
    }

    /** Name of the header at {@code index}, below {@link #size()}. */
    public AsciiString name(int index) {
        return Objects.requireNonNull(names)[index];
    }

    /** Value of the header at {@code index}, below {@link #size()}. */
    public CharSequence value(int index) {
        return Objects.requireNonNull(values)[index];
    }

    /** Calls {@code visitor} for each header in order. */
    public void forEach(Headers.Visitor visitor) {
        AsciiString[] heldNames = names;
        CharSequence[] heldValues = values;
        if (heldNames == null || heldValues == null) {
            return;
        }
        for (int i = 0; i < size; i++) {
            visitor.entry(heldNames[i], heldValues[i]);
        }
    }
}
