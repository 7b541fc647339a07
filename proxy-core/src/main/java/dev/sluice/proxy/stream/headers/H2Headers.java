package dev.sluice.proxy.stream.headers;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link Headers} of an HTTP/2 message, without its pseudo headers: names and values by turns in one array. A message has
 * about a dozen fields, of which about a dozen are looked for; going through them compares hashes that the names know.
 *
 * <p>Names are in lower case. What is added or set must be a valid name and value (RFC 9113 section 8.2.1), or {@link
 * IllegalArgumentException} is thrown.
 */
public final class H2Headers implements Headers {
    private static final int CAPACITY = 16;
    private static final int LAST_MARK = Integer.SIZE - 1;

    private CharSequence[] fields;
    /** Used places of {@link #fields}: twice the number of entries. */
    private int used;
    /** One bit for each entry that is never indexed; the last is that of all entries from there on. */
    private int neverIndexed;

    private H2Headers(CharSequence[] fields, int used, int neverIndexed) {
        this.fields = fields;
        this.used = used;
        this.neverIndexed = neverIndexed;
    }

    /** Empty headers. */
    public static H2Headers create() {
        return withRoomFor(CAPACITY);
    }

    /** Empty headers that take so many entries before they grow. */
    public static H2Headers withRoomFor(int entries) {
        return new H2Headers(new CharSequence[2 * entries], 0, 0);
    }

    /**
     * Headers of what was checked before.
     *
     * @param fields an {@link AsciiString} as name and a value, by turns; kept, and free from {@code used} on
     * @param neverIndexed the {@linkplain #mark marks} of entries that their sender had nobody remember
     */
    public static H2Headers ofChecked(CharSequence[] fields, int used, int neverIndexed) {
        return new H2Headers(fields, used, neverIndexed);
    }

    /** The mark of the entry at {@code index}, a bit of its own unless there are very many. */
    public static int mark(int index) {
        return 1 << Math.min(index, LAST_MARK);
    }

    /**
     * Whether the entry at {@code index} was received as one that is never to be indexed, and has to be sent on as one (RFC
     * 7541 section 7.1.3).
     */
    public boolean isNeverIndexed(int index) {
        return (neverIndexed & mark(index)) != 0;
    }

    /** Name of the entry at {@code index}, below {@link #size()}. */
    public AsciiString name(int index) {
        return (AsciiString) fields[2 * index];
    }

    /** Value of the entry at {@code index}, below {@link #size()}. */
    public CharSequence value(int index) {
        return fields[2 * index + 1];
    }

    @Override
    public @Nullable CharSequence get(AsciiString name) {
        int at = find(name, 0);
        return at < 0 ? null : fields[at + 1];
    }

    @Override
    public List<? extends CharSequence> getAll(AsciiString name) {
        int first = find(name, 0);
        if (first < 0) {
            return List.of();
        }
        List<CharSequence> values = new ArrayList<>(2);
        for (int at = first; at >= 0; at = find(name, at + 2)) {
            values.add(fields[at + 1]);
        }
        return values;
    }

    @Override
    public boolean isRepeated(AsciiString name) {
        int first = find(name, 0);
        return first >= 0 && find(name, first + 2) >= 0;
    }

    @Override
    public boolean satisfies(AsciiString name, Predicate<CharSequence> test) {
        int first = find(name, 0);
        if (first < 0) {
            return false;
        }
        return find(name, first + 2) < 0 ? test.test(fields[first + 1]) : Headers.super.satisfies(name, test);
    }

    @Override
    public boolean contains(AsciiString name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean containsPrefix(AsciiString prefix) {
        for (int at = 0; at < used; at += 2) {
            AsciiString name = (AsciiString) fields[at];
            if (name.length() >= prefix.length()
                    && name.byteAt(0) == prefix.byteAt(0)
                    && name.regionMatches(false, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void set(AsciiString name, CharSequence value) {
        int at = find(name, 0);
        if (at < 0) {
            add(name, value);
            return;
        }
        requireValue(name, value);
        fields[at + 1] = value;
        removeFrom(name, at + 2);
    }

    @Override
    public void add(AsciiString name, CharSequence value) {
        requireName(name);
        requireValue(name, value);
        addChecked(name, value);
    }

    /** Appends an entry that was checked before. */
    public void addChecked(AsciiString name, CharSequence value) {
        if (used == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(CAPACITY, 2 * used));
        }
        fields[used] = name;
        fields[used + 1] = value;
        used += 2;
    }

    @Override
    public boolean remove(AsciiString name) {
        return removeFrom(name, 0);
    }

    @Override
    public int size() {
        return used / 2;
    }

    @Override
    public void forEach(Visitor visitor) {
        for (int at = 0; at < used; at += 2) {
            visitor.entry(fields[at], fields[at + 1]);
        }
    }

    @Override
    public Headers copy() {
        return new H2Headers(Arrays.copyOf(fields, Math.max(CAPACITY, used)), used, neverIndexed);
    }

    /** Whether {@code value} may be a field's; white space at its end is not looked for. */
    public static boolean isValue(CharSequence value) {
        return HttpHeaderValidationUtil.validateValidHeaderValue(value) == -1;
    }

    /** Whether {@code name} may be a field's that is no pseudo header. */
    public static boolean isName(AsciiString name) {
        if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) != -1) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (AsciiString.isUpperCase(name.byteAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static void requireName(AsciiString name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("No name of an HTTP/2 field: '" + name + "'");
        }
    }

    private static void requireValue(AsciiString name, CharSequence value) {
        if (!isValue(value)) {
            throw new IllegalArgumentException("The value of '" + name + "' holds a character that none may hold");
        }
    }

    /** Place of the first entry of {@code name} from {@code start} on; -1 for none. */
    @SuppressWarnings("ReferenceEquality") // most names are constants or were read before
    private int find(AsciiString name, int start) {
        int hash = name.hashCode();
        for (int at = start; at < used; at += 2) {
            CharSequence known = fields[at];
            // The hash is without case; names that are looked for come as constants, some of them not in lower case.
            if (known == name || (known.hashCode() == hash && name.contentEqualsIgnoreCase(known))) {
                return at;
            }
        }
        return -1;
    }

    private boolean removeFrom(AsciiString name, int start) {
        int first = find(name, start);
        if (first < 0) {
            return false;
        }
        int kept = first;
        int gone = first;
        int marks = first / 2 > LAST_MARK ? neverIndexed : neverIndexed & (mark(first / 2) - 1);
        for (int at = first; at < used; at += 2) {
            if (at == gone) {
                gone = find(name, at + 2);
            } else {
                fields[kept] = fields[at];
                fields[kept + 1] = fields[at + 1];
                marks |= isNeverIndexed(at / 2) ? mark(kept / 2) : 0;
                kept += 2;
            }
        }
        used = kept;
        neverIndexed = marks;
        return true;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        forEach((name, value) -> text.append(text.length() == 1 ? "" : ", ")
                .append(name)
                .append(": ")
                .append(value));
        return text.append(']').toString();
    }
}
