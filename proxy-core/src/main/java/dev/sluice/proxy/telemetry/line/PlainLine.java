package dev.sluice.proxy.telemetry.line;

import dev.sluice.proxy.stream.headers.ByteWords;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line none of whose values needs an escape or a cut, which is nearly every line; of any other one {@link #end} tells
 * that it has to be written by {@link LogLine}. Where the next piece goes is an argument and a result: a line has a hundred
 * pieces, and a field would be stored and loaded again for each.
 *
 * <p>Not thread-safe; one per {@link LogLine}, in whose buffer it writes.
 */
public final class PlainLine {
    /** A longer line is not written here. */
    static final int MOST_BYTES = 4096;

    /** Of which what is not a value, and so not asked whether it fits, may take this much. */
    private static final int OWN_BYTES = 1024;

    private static final int WORD = PlainText.kinds(false, false);
    private static final int WORDS = PlainText.kinds(true, false);

    private final LogLine line;
    private final UtcSecond utc;
    private byte[] to = {};
    private int start;
    private boolean odd;

    PlainLine(LogLine line, UtcSecond utc) {
        this.line = line;
        this.utc = utc;
    }

    /** Starts where the line ends so far; returns where that is. */
    public int begin() {
        to = line.array();
        start = line.size();
        odd = false;
        return room(start) < 0 ? odd(0) : start;
    }

    /**
     * Takes the line as it is written up to {@code at}.
     *
     * @return false, with the line as it was before, where it has to be written otherwise
     */
    public boolean end(int at) {
        line.endsAt(odd ? start : at);
        return !odd;
    }

    /** The line is none of those that can be written here. */
    public int odd(int at) {
        odd = true;
        return at;
    }

    /** Text of the format. */
    public int literal(int at, Literal literal) {
        ByteWords.put(to, at, literal.word());
        return at + literal.length();
    }

    /** A short text of our own in ASCII. */
    @SuppressWarnings("deprecation") // the one way to copy without looking at each character
    public int own(int at, String text) {
        int length = text.length();
        text.getBytes(0, length, to, at);
        return at + length;
    }

    /** A number. */
    public int number(int at, long value) {
        return Digits.write(to, at, value);
    }

    /** {@code 2026-11-21T05:24:00.123Z}. */
    public int time(int at, long epochMillis) {
        return utc.writeIso(to, at, epochMillis);
    }

    /** One word, between quotes with others. */
    public int word(int at, CharSequence text) {
        return value(at, text, WORD);
    }

    /** A value between quotes; {@code -} where there is none. */
    public int quoted(int at, @Nullable CharSequence text) {
        return text == null ? none(at) : value(at, text, WORDS);
    }

    /** A value outside quotes, where an empty one would make two separators one; {@code -} where there is none. */
    public int bare(int at, @Nullable CharSequence text) {
        return text == null || PlainText.length(text) == 0 ? none(at) : value(at, text, WORD);
    }

    private int none(int at) {
        to[at] = '-';
        return at + 1;
    }

    private int value(int at, CharSequence text, int kinds) {
        int length = PlainText.length(text);
        if (length > room(at) || PlainText.copy(text, length, kinds, to, at) < length) {
            return odd(at);
        }
        return at + length;
    }

    private static int room(int at) {
        return MOST_BYTES - OWN_BYTES - at;
    }

    /** What {@link #remember} was told of those very objects; -1 where it is not known. */
    public int again(int at, Object of, @Nullable Object first, @Nullable Object second) {
        byte[] text = line.remembered(of, first, second);
        if (text == null || text.length > room(at)) {
            return -1;
        }
        System.arraycopy(text, 0, to, at, text.length);
        return at + text.length;
    }

    /** The line up to {@code at}, for pieces that are not written here; {@link #resume} goes on behind them. */
    public LogLine pause(int at) {
        line.endsAt(at);
        return line;
    }

    /** Goes on behind what was written since {@link #pause}, and remembers it as what those very objects make. */
    public int remember(int from, Object of, @Nullable Object first, @Nullable Object second) {
        line.remember(from, of, first, second);
        return resume();
    }

    /** Goes on behind what was written since {@link #pause}. */
    public int resume() {
        to = line.array();
        return room(line.size()) < 0 ? odd(0) : line.size();
    }
}
