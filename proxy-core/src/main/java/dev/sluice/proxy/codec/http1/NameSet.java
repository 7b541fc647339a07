package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * A fixed set of header names, asked for on every message: told apart by length first, which decides nearly always, then
 * compared without case. Neither hashes nor allocates. Immutable.
 */
final class NameSet {
    private static final AsciiString[] NONE = {};

    private final AsciiString[][] byLength;

    private NameSet(AsciiString[][] byLength) {
        this.byLength = byLength;
    }

    /** A set of {@code names}. */
    static NameSet of(String... names) {
        int longest = Arrays.stream(names).mapToInt(String::length).max().orElse(0);
        AsciiString[][] byLength = new AsciiString[longest + 1][];
        Arrays.fill(byLength, NONE);
        for (String name : names) {
            AsciiString[] sameLength = byLength[name.length()];
            AsciiString[] grown = Arrays.copyOf(sameLength, sameLength.length + 1);
            grown[sameLength.length] = AsciiString.cached(name);
            byLength[name.length()] = grown;
        }
        return new NameSet(byLength);
    }

    /** Whether it holds {@code name}, in whatever case. */
    boolean contains(CharSequence name) {
        int length = name.length();
        if (length >= byLength.length) {
            return false;
        }
        for (AsciiString candidate : byLength[length]) {
            if (candidate.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it holds the name of a line. */
    boolean contains(H1Headers headers, int line) {
        int length = headers.nameLength(line);
        if (length >= byLength.length) {
            return false;
        }
        for (AsciiString candidate : byLength[length]) {
            if (headers.isPrefixed(line, candidate)) {
                return true;
            }
        }
        return false;
    }
}
