package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link Headers} of HTTP/1 as the wire has them: lines {@code name: value CRLF} in one array, and where each of them
 * begins. What was received is never made an object until somebody asks for it, and a run of lines that nobody has
 * changed is written by one copy.
 *
 * <p>A line is never altered or moved, only left out and added behind the others, so a number got from {@link
 * #lineStart} holds until the next change.
 */
public final class H1Headers implements Headers {
    /** Integers that describe a line: where it starts, its {@linkplain NameKey key}, the length of its value. */
    static final int STEP = 3;
    /** Beside the text of name and value: colon, blank and line end. */
    private static final int FRAME = 4;

    private static final byte[] NO_TEXT = {};
    private static final int[] NO_LINES = {};
    /** Longer names do not fit a key. */
    public static final int LONGEST_NAME = NameKey.LONGEST;

    private byte[] text;
    private int textEnd;
    private int[] lines;
    private int size;
    private final boolean lent;

    /**
     * Empty headers.
     *
     * @param bytes expected length of the lines
     * @param count expected number of lines
     */
    public H1Headers(int bytes, int count) {
        text = new byte[bytes];
        lines = new int[count * STEP];
        lent = false;
    }

    private H1Headers(HeaderMemory memory) {
        text = memory.text();
        lines = memory.lines();
        lent = true;
    }

    private H1Headers(H1Headers other) {
        text = Arrays.copyOf(other.text, other.textEnd);
        textEnd = other.textEnd;
        lines = Arrays.copyOf(other.lines, other.size * STEP);
        size = other.size;
        lent = false;
    }

    /** Empty headers for a handful of lines. */
    public static H1Headers create() {
        return new H1Headers(128, 6);
    }

    /** Empty headers in memory of the thread, which takes it back on {@link #recycle}. */
    public static H1Headers lent() {
        return new H1Headers(HeaderMemory.ofThread());
    }

    // ---- lines, for the codec

    /**
     * Appends a line that was received, unchecked: a parser has looked at each byte.
     *
     * @param nameLength at most {@link #LONGEST_NAME}
     */
    public void line(byte[] from, int name, int nameLength, int value, int valueLength) {
        int start = reserve(nameLength + valueLength + FRAME);
        System.arraycopy(from, name, text, start, nameLength);
        int at = start + nameLength;
        text[at++] = ':';
        text[at++] = ' ';
        System.arraycopy(from, value, text, at, valueLength);
        endLine(start, nameLength, valueLength);
    }

    /** Appends a blank and more text to the value of the last line (RFC 9112 section 5.2), unchecked. */
    public void unfold(byte[] from, int more, int length) {
        if (length == 0) {
            return;
        }
        int last = (size - 1) * STEP;
        int start = lines[last];
        int nameLength = NameKey.length(lines[last + 1]);
        int valueLength = lines[last + 2];
        int at = start + nameLength + valueLength + FRAME - 2;
        textEnd = at;
        reserve(length + 3);
        if (valueLength > 0) {
            text[at++] = ' ';
            valueLength++;
        }
        System.arraycopy(from, more, text, at, length);
        size--;
        endLine(start, nameLength, valueLength + length);
    }

    /** The array that all positions are in. */
    public byte[] text() {
        return text;
    }

    /** Where line {@code i} starts, and its name. */
    public int lineStart(int i) {
        return lines[i * STEP];
    }

    /** Length of the name of line {@code i}. */
    public int nameLength(int i) {
        return NameKey.length(lines[i * STEP + 1]);
    }

    /** Where the value of line {@code i} starts. */
    public int valueStart(int i) {
        return lineStart(i) + nameLength(i) + 2;
    }

    /** Length of the value of line {@code i}. */
    public int valueLength(int i) {
        return lines[i * STEP + 2];
    }

    /** Where line {@code i} ends, behind its line end. */
    public int lineEnd(int i) {
        return valueStart(i) + valueLength(i) + 2;
    }

    /** Number of the first line from {@code from} on with this name; -1 when there is none. */
    public int find(AsciiString name, int from) {
        int key = NameKey.of(name);
        for (int i = from; i < size; i++) {
            if (lines[i * STEP + 1] == key && FieldChars.startsWith(text, lineStart(i), name)) {
                return i;
            }
        }
        return -1;
    }

    /** Leaves line {@code i} out. */
    public void remove(int i) {
        int at = i * STEP;
        System.arraycopy(lines, at + STEP, lines, at, (size - i - 1) * STEP);
        size--;
    }

    /** The name of line {@code i}, as it was written. */
    public AsciiString name(int i) {
        return NameMemory.ofThread().name(text, lineStart(i), nameLength(i));
    }

    /** Whether the name of line {@code i} begins with {@code prefix}, whatever its case. */
    public boolean isPrefixed(int i, AsciiString prefix) {
        return nameLength(i) >= prefix.length() && FieldChars.startsWith(text, lineStart(i), prefix);
    }

    /** The value of line {@code i}. */
    public String value(int i) {
        return string(valueStart(i), valueLength(i));
    }

    // ---- headers, for everybody

    @Override
    public @Nullable String get(AsciiString name) {
        int i = find(name, 0);
        return i < 0 ? null : value(i);
    }

    @Override
    public @Nullable CharSequence peek(AsciiString name) {
        int i = find(name, 0);
        return i < 0 ? null : span(i);
    }

    private CharSequence span(int i) {
        return HeaderMemory.ofThread().span(text, valueStart(i), valueLength(i));
    }

    @Override
    public List<String> getAll(AsciiString name) {
        int i = find(name, 0);
        if (i < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (; i >= 0; i = find(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    @Override
    public boolean isRepeated(AsciiString name) {
        int first = find(name, 0);
        return first >= 0 && find(name, first + 1) >= 0;
    }

    @Override
    public boolean satisfies(AsciiString name, Predicate<CharSequence> test) {
        int i = find(name, 0);
        if (i < 0) {
            return false;
        }
        return find(name, i + 1) < 0 ? test.test(span(i)) : Headers.super.satisfies(name, test);
    }

    @Override
    public boolean contains(AsciiString name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean containsPrefix(AsciiString prefix) {
        for (int i = 0; i < size; i++) {
            if (isPrefixed(i, prefix)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void set(AsciiString name, CharSequence value) {
        // Checked before anything is taken away.
        append(name, value);
        int added = size - 1;
        for (int i = find(name, 0); i < added; i = find(name, i)) {
            remove(i);
            added--;
        }
    }

    @Override
    public void add(AsciiString name, CharSequence value) {
        append(name, value);
    }

    /**
     * Appends a header of whatever kind of name.
     *
     * @throws IllegalArgumentException for what cannot be a header
     */
    public void append(CharSequence name, CharSequence value) {
        int nameLength = name.length();
        int valueLength = value.length();
        if (nameLength == 0 || nameLength > LONGEST_NAME) {
            throw new IllegalArgumentException("a header's name is empty or too long");
        }
        int start = reserve(nameLength + valueLength + FRAME);
        int at = start;
        for (int i = 0; i < nameLength; i++) {
            char c = name.charAt(i);
            if (!FieldChars.isToken(c)) {
                throw new IllegalArgumentException("character " + (int) c + " in a header's name");
            }
            text[at++] = (byte) c;
        }
        text[at++] = ':';
        text[at++] = ' ';
        put(value, valueLength, at);
        endLine(start, nameLength, valueLength);
    }

    @Override
    public boolean remove(AsciiString name) {
        int i = find(name, 0);
        if (i < 0) {
            return false;
        }
        for (; i >= 0; i = find(name, i)) {
            remove(i);
        }
        return true;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void forEach(Visitor visitor) {
        NameMemory names = NameMemory.ofThread();
        for (int i = 0; i < size; i++) {
            visitor.entry(names.name(text, lineStart(i), nameLength(i)), value(i));
        }
    }

    @Override
    public void recycle() {
        if (lent && text.length > 0) {
            HeaderMemory.ofThread().giveBack(text, lines);
            // Whoever still looks must find nothing, not another request's headers.
            text = NO_TEXT;
            lines = NO_LINES;
            textEnd = 0;
            size = 0;
        }
    }

    @Override
    public H1Headers copy() {
        return new H1Headers(this);
    }

    @Override
    public String toString() {
        List<String> shown = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            shown.add(string(lineStart(i), nameLength(i)) + "=" + value(i));
        }
        return shown.toString();
    }

    // ---- the arrays

    /** Makes room for {@code bytes} more and says where they go; nothing is taken until {@link #endLine}. */
    private int reserve(int bytes) {
        if (text.length - textEnd < bytes) {
            text = Arrays.copyOf(text, Math.max(textEnd + bytes, text.length + text.length / 2));
        }
        return textEnd;
    }

    private void endLine(int start, int nameLength, int valueLength) {
        int at = start + nameLength + valueLength + 2;
        text[at] = '\r';
        text[at + 1] = '\n';
        textEnd = at + 2;
        int line = size * STEP;
        if (line + STEP > lines.length) {
            lines = Arrays.copyOf(lines, line + Math.max(line / 2, 4 * STEP));
        }
        lines[line] = start;
        lines[line + 1] = NameKey.of(text, start, nameLength);
        lines[line + 2] = valueLength;
        size++;
    }

    private void put(CharSequence value, int length, int start) {
        if (length > 0 && value.charAt(0) <= ' ') {
            throw new IllegalArgumentException("a header's value begins with a blank or control character");
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (!FieldChars.isValue(c)) {
                throw new IllegalArgumentException("character " + (int) c + " in a header's value");
            }
            // As Netty: a character that is no octet must not become another one by losing its high bits.
            text[start + i] = c > 0xff ? (byte) '?' : (byte) c;
        }
    }

    private String string(int start, int length) {
        return new String(text, start, length, StandardCharsets.ISO_8859_1);
    }
}
