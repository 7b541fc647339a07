package dev.sluice.proxy.telemetry.line;

/**
 * Finds letters in text from the wire, each of whose characters is an octet: clients send what is not ASCII as UTF-8. Only its
 * shortest forms count, so that every letter has one spelling. Pure.
 */
final class Utf8Octets {
    private static final int NONE = -1;
    private static final int CONTINUATION_BITS = 6;

    private Utf8Octets() {}

    /**
     * The letter beyond ASCII that the characters from {@code at} on spell; negative where they spell none.
     *
     * @param end of the text
     */
    static int letter(CharSequence text, int at, int end) {
        char first = text.charAt(at);
        int more = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (more == 0 || at + more >= end) {
            return NONE;
        }
        // The first octet has as many of its upper bits taken as there are octets, and one more.
        int letter = first & (0x3f >> more);
        for (int i = 1; i <= more; i++) {
            char next = text.charAt(at + i);
            if (next < 0x80 || next > 0xbf) {
                return NONE;
            }
            letter = letter << CONTINUATION_BITS | (next & 0x3f);
        }
        return count(letter) == more + 1 ? letter : NONE;
    }

    /** How many octets spell {@code letter}; none where UTF-8 does not spell it, as half a surrogate pair. */
    static int count(int letter) {
        if (letter > Character.MAX_CODE_POINT
                || (letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE)) {
            return 0;
        }
        return letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    }
}
