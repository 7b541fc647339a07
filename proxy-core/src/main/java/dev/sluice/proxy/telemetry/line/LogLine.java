package dev.sluice.proxy.telemetry.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing line of bytes that a formatter writes into; reused, so a line costs no allocation. What comes from outside is
 * written through {@link #escaped}: control characters, quotes and backslashes cannot break out of their field or line
 * (spec/reliability.md E10). The escapes are those of JSON, so one writer serves both encodings; octets that spell a letter in UTF-8 are escaped as that letter, for
 * a reader of JSON would take each octet for one.
 *
 * <p>A line is bounded: values are cut (with {@code ...}) before they reach into the last {@value #RESERVED_BYTES} bytes,
 * which are kept for what the format itself says, so that even a cut line keeps its fields, its brackets and its end.
 *
 * <p>Not thread-safe; one per event loop.
 */
public final class LogLine {
    /** Longest line in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Of which a format's own text and numbers may take this much. */
    public static final int RESERVED_BYTES = 16 * 1024;

    /** Longest value in bytes, escapes counted. */
    static final int MAX_VALUE_BYTES = 8 * 1024;

    /** Of one character. */
    private static final int LONGEST_OF_ONE = 6;

    /** Of a letter that takes two {@code \\u}. */
    private static final int LONGEST_ESCAPE = 12;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] CUT = {'.', '.', '.'};

    private final UtcSecond utc = new UtcSecond();
    private final RememberedTexts texts = new RememberedTexts();
    private final PlainLine plain = new PlainLine(this, utc);
    private byte[] bytes = new byte[PlainLine.MOST_BYTES];
    private int size;
    private boolean bare;
    private int charsLeft = Integer.MAX_VALUE;

    /** Starts anew. */
    public void clear() {
        size = 0;
        bare = false;
        charsLeft = Integer.MAX_VALUE;
    }

    /** Bytes written. */
    public int size() {
        return size;
    }

    /** The quick way to write lines whose values are plain. */
    public PlainLine plain() {
        return plain;
    }

    /** What was written into {@link #array} up to {@code end} is the line. */
    void endsAt(int end) {
        size = end;
    }

    /** Goes back to an earlier {@link #size}. */
    public void rewind(int earlier) {
        size = Math.min(size, earlier);
    }

    /**
     * Says how the next value is to be escaped.
     *
     * @param outsideQuotes a space ends the field, so it is escaped too
     * @param maxChars the value's length, escapes not counted; what is longer is cut without a mark
     */
    public void beginValue(boolean outsideQuotes, int maxChars) {
        bare = outsideQuotes;
        charsLeft = maxChars;
    }

    /** The value begun is one word even between quotes. */
    public void oneWord() {
        bare = true;
    }

    /**
     * Writes what was {@linkplain #remember remembered} for that very object; false, with nothing written, where it is not
     * known any more, or where a value is to be cut.
     */
    public boolean again(Object of) {
        byte[] text = charsLeft == Integer.MAX_VALUE ? remembered(of, null, null) : null;
        if (text != null) {
            raw(text);
        }
        return text != null;
    }

    /**
     * Remembers what was written from {@code start} on as the text of that very object, which never changes and is likely to
     * come again. What had to be escaped is not remembered: it may be escaped otherwise the next time.
     */
    public void remember(Object of, int start) {
        if (charsLeft == Integer.MAX_VALUE && indexOf(' ', start) < 0) {
            remember(start, of, null, null);
        }
    }

    /** What was remembered of those very objects; null where it is not known. */
    byte @Nullable [] remembered(Object of, @Nullable Object first, @Nullable Object second) {
        return texts.of(of, first, second);
    }

    /** Remembers what was written from {@code start} on, where nothing of it had to be escaped. */
    void remember(int start, Object of, @Nullable Object first, @Nullable Object second) {
        if (indexOf('\\', start) < 0) {
            texts.keep(of, first, second, Arrays.copyOfRange(bytes, start, size));
        }
    }

    /** Where {@code c} is in what was written from {@code start} on; -1 when it is not. */
    public int indexOf(char c, int start) {
        for (int i = start; i < size; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    /** One ASCII character as it is. */
    public LogLine raw(char c) {
        if (ensure(1)) {
            bytes[size++] = (byte) c;
        }
        return this;
    }

    /** ASCII text of our own as it is. */
    @SuppressWarnings("deprecation") // the one way to copy without looking at each character
    public LogLine raw(String text) {
        int length = text.length();
        if (ensure(length)) {
            // Of ASCII the lower bytes are all there is.
            text.getBytes(0, length, bytes, size);
            size += length;
        }
        return this;
    }

    /** Bytes of our own as they are. */
    public LogLine raw(byte[] text) {
        if (ensure(text.length)) {
            System.arraycopy(text, 0, bytes, size, text.length);
            size += text.length;
        }
        return this;
    }

    /** ASCII text of our own as it is; false, with nothing written, where there is none. */
    public boolean rawIfAny(@Nullable String text) {
        if (text != null) {
            raw(text);
        }
        return text != null;
    }

    /** A number. */
    public LogLine number(long value) {
        if (ensure(Digits.MOST)) {
            size = Digits.write(bytes, size, value);
        }
        return this;
    }

    /** The last {@code width} digits of a number that is not negative, padded with zeros. */
    public LogLine padded(int value, int width) {
        if (ensure(width)) {
            Digits.padded(bytes, size, value, width);
            size += width;
        }
        return this;
    }

    /** Text from outside: escaped so that it stays in its field, in its line and in ASCII. */
    public LogLine escaped(CharSequence text) {
        return value(text, true);
    }

    /** Text from outside as {@link #escaped}; false, with nothing written, where there is none. */
    public boolean escapedIfAny(@Nullable CharSequence text) {
        if (text != null) {
            escaped(text);
        }
        return text != null;
    }

    /** Text for people to read: escaped so that it stays in its line and in ASCII; quotes stay as they are. */
    public LogLine printable(CharSequence text) {
        return value(text, false);
    }

    private LogLine value(CharSequence text, boolean quotes) {
        int length = Math.min(PlainText.length(text), charsLeft);
        charsLeft -= length;
        int end = Math.min(size + MAX_VALUE_BYTES, MAX_BYTES - RESERVED_BYTES);
        grow(Math.min(size + length * (long) LONGEST_OF_ONE, Math.max(end, size)) + CUT.length);
        // Only as far as an escape would fit too, so that the loop below is the one that cuts.
        int fits = Math.max(0, Math.min(length, end - LONGEST_ESCAPE - size + 1));
        int plain = PlainText.copy(text, fits, PlainText.kinds(!bare, !quotes), bytes, size);
        size += plain;
        return plain == length ? this : rest(text, plain, length, end, quotes);
    }

    private LogLine rest(CharSequence text, int from, int length, int end, boolean quotes) {
        byte[] to = bytes;
        int at = size;
        for (int i = from; i < length; i++) {
            if (at + LONGEST_ESCAPE > end) {
                size = at;
                return raw(CUT);
            }
            char c = text.charAt(i);
            if (quotes && (c == '"' || c == '\\')) {
                to[at++] = '\\';
                to[at++] = (byte) c;
            } else if ((c > ' ' && c <= '~') || (c == ' ' && !bare)) {
                to[at++] = (byte) c;
            } else {
                int letter = Utf8Octets.letter(text, i, length);
                if (letter < 0) {
                    at = unicode(to, at, c);
                } else {
                    at = unicode(to, at, letter);
                    i += Utf8Octets.count(letter) - 1;
                }
            }
        }
        size = at;
        return this;
    }

    private static int unicode(byte[] to, int start, int letter) {
        return Character.isBmpCodePoint(letter)
                ? unicode(to, start, (char) letter)
                : unicode(to, unicode(to, start, Character.highSurrogate(letter)), Character.lowSurrogate(letter));
    }

    private static int unicode(byte[] to, int start, char c) {
        int at = start;
        to[at++] = '\\';
        to[at++] = 'u';
        to[at++] = HEX[(c >> 12) & 0xf];
        to[at++] = HEX[(c >> 8) & 0xf];
        to[at++] = HEX[(c >> 4) & 0xf];
        to[at++] = HEX[c & 0xf];
        return at;
    }

    /** Ends the line; there is always room for that. */
    public void end() {
        if (size >= MAX_BYTES) {
            size = MAX_BYTES - 1;
        }
        grow(size + 1L);
        bytes[size++] = '\n';
    }

    /** The calendar's view of the second that was asked for last, shared by the lines of one loop. */
    public UtcSecond utc() {
        return utc;
    }

    /** What is written so far. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /** The buffer; valid up to {@link #size()}. */
    byte[] array() {
        return bytes;
    }

    /** Makes room; false when the line is full. The last byte belongs to {@link #end}. */
    private boolean ensure(int more) {
        if (size + more >= MAX_BYTES) {
            return false;
        }
        grow(size + (long) more);
        return true;
    }

    private void grow(long needed) {
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(bytes.length * 2L, needed)));
        }
    }
}
