package dev.sluice.proxy.stream.headers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of text at a time, for loops that look at each of them. The tests set the highest bit of a byte that they hold
 * for, and are exact as long as no byte of either word is above 127 (Warren, "Hacker's Delight", section 6-1). Pure.
 */
public final class ByteWords {
    /** Bytes of a word. */
    public static final int BYTES = Long.BYTES;

    /** Times a byte: the word that has it everywhere. */
    public static final long ONES = 0x0101010101010101L;

    /** The highest bit of each byte. */
    public static final long HIGH = 0x8080808080808080L;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long CASE = 0x20 * ONES;

    private ByteWords() {}

    /** The word at {@code at}, which ends within {@code bytes}. */
    public static long at(byte[] bytes, int at) {
        return (long) WORDS.get(bytes, at);
    }

    /** Writes {@code word} to {@code at} and the seven places behind it. */
    public static void put(byte[] bytes, int at, long word) {
        WORDS.set(bytes, at, word);
    }

    /** Which bytes of ASCII are {@code least} or more; {@code least} from 1 to 127. */
    public static long atLeast(long word, int least) {
        return (word + (0x80 - least) * ONES) & HIGH;
    }

    /** Whether two words of ASCII are the same, letters of whatever case. */
    static boolean sameLetters(long one, long other) {
        long differ = one ^ other;
        if (differ == 0) {
            return true;
        }
        if ((differ & ~CASE) != 0) {
            return false;
        }
        long small = other | CASE;
        long letters = atLeast(small, 'a') & ~atLeast(small, 'z' + 1);
        return (differ << 2 & ~letters) == 0;
    }
}
