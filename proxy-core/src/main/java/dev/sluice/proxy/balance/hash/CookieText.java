package dev.sluice.proxy.balance.hash;

/**
 * Finds a cookie in the value of a {@code cookie} header as Envoy does: pairs between semicolons, blanks before the name do
 * not count, a pair without {@code =} is skipped, quotes around a value are not part of it. Makes no garbage. Pure.
 */
final class CookieText {
    /** There is no such cookie. */
    static final long MISSING = -1;

    private CookieText() {}

    /** Where the value of the first cookie called {@code name} stands, for {@link #from} and {@link #to}, or MISSING. */
    static long find(CharSequence header, String name) {
        int length = header.length();
        int at = 0;
        while (at < length) {
            int end = indexOf(header, ';', at, length);
            int start = at;
            while (start < end && header.charAt(start) == ' ') {
                start++;
            }
            int equals = indexOf(header, '=', start, end);
            if (equals < end && equals - start == name.length() && startsWith(header, start, name)) {
                return value(header, equals + 1, end);
            }
            at = end + 1;
        }
        return MISSING;
    }

    private static long value(CharSequence header, int from, int to) {
        boolean quoted = to - from >= 2 && header.charAt(from) == '"' && header.charAt(to - 1) == '"';
        return quoted ? pack(from + 1, to - 1) : pack(from, to);
    }

    private static boolean startsWith(CharSequence text, int from, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (text.charAt(from + i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of {@code wanted}, or {@code to}. */
    private static int indexOf(CharSequence text, char wanted, int from, int to) {
        int at = from;
        while (at < to && text.charAt(at) != wanted) {
            at++;
        }
        return at;
    }

    private static long pack(int from, int to) {
        return (long) from << 32 | to;
    }

    /** First index of a found value. */
    static int from(long found) {
        return (int) (found >>> 32);
    }

    /** Index after a found value. */
    static int to(long found) {
        return (int) found;
    }
}
