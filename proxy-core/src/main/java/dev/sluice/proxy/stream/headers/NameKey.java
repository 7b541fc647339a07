package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;

/**
 * What a header's name is told apart by before its bytes are compared: its length and three of its characters without case,
 * in one integer. Few names share all of it.
 */
final class NameKey {
    /** Length of a name in bytes; a longer one has no key. */
    static final int LONGEST = 0xffff;

    /** Bits beside the length. */
    private static final int TAG_BITS = 15;

    private NameKey() {}

    /** The key of a name to look for; -1, which no line has, for one that no line can have. */
    static int of(AsciiString name) {
        int length = name.length();
        return length == 0 || length > LONGEST
                ? -1
                : of(length, name.byteAt(0), name.byteAt(length / 2), name.byteAt(length - 1));
    }

    /** The key of a name that a line begins with; {@code length} from 1 to {@link #LONGEST}. */
    static int of(byte[] text, int start, int length) {
        return of(length, text[start], text[start + length / 2], text[start + length - 1]);
    }

    private static int of(int length, int first, int middle, int last) {
        return length << TAG_BITS | (first & 0x1f) << 10 | (middle & 0x1f) << 5 | (last & 0x1f);
    }

    /** Length of the name that has {@code key}, in bytes. */
    static int length(int key) {
        return key >>> TAG_BITS;
    }
}
