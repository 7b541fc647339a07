package dev.sluice.config.plan.words;

import org.jspecify.annotations.Nullable;

/**
 * Brings a request path into the form that is matched and forwarded (spec/istio-fields.md §7, spec/reliability.md E13):
 * percent-encoded unreserved characters are decoded (RFC 3986 section 6.2.2.2), what no path may hold is encoded ({@code
 * "<>^`{|}}: clients send it all the same, and Tomcat and its like refuse it), a backslash becomes a slash, dot segments are
 * removed (section 5.2.4). What is matched is what the upstream sees, so that nothing hides from a rule behind an encoding.
 * Pure.
 */
public final class PathNormalizer {
    /** What {@link #escape} finds. */
    private static final int MALFORMED = -1;

    /** What no path may hold and clients send, a bit each: up to {@code ?}, and from {@code @} on. Envoy's choice. */
    private static final long ENCODED_LOW = bits("\"<>");

    private static final long ENCODED_HIGH = bits("^`{|}");

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PathNormalizer() {}

    /**
     * Normalises {@code target}; its query is not touched. The ordinary path, which needs nothing, is read once and returned
     * as it is.
     *
     * @param target in origin form, or {@code *}
     * @return null when it must be refused: a malformed percent-encoding, NUL, or dot segments that lead above the root
     */
    public static @Nullable String normalize(String target, PathNormalization mode) {
        if (mode == PathNormalization.NONE) {
            return target;
        }
        int length = target.length();
        char before = 0;
        for (int i = 0; i < length; i++) {
            char c = target.charAt(i);
            if (c == '?') {
                return target;
            }
            if (c == '/' ? before == '/' && mode != PathNormalization.BASE : c == '\\' || c == 0 || isEncoded(c)) {
                return rebuild(target, mode);
            }
            if (c == '%') {
                int octet = escape(target, i, length);
                if (octet <= 0 || isDecoded(octet, mode)) {
                    return rebuild(target, mode);
                }
                i += 2;
            } else if (c == '.' && before == '/' && isDotSegment(target, i)) {
                return rebuild(target, mode);
            }
            before = c;
        }
        return target;
    }

    /** Whether the segment that begins with the dot at {@code at} is a dot segment as it stands. */
    private static boolean isDotSegment(String target, int at) {
        int end = at + 1;
        if (end < target.length() && target.charAt(end) == '.') {
            end++;
        }
        if (end == target.length()) {
            return true;
        }
        char next = target.charAt(end);
        return next == '/' || next == '\\' || next == '?' || next == ';';
    }

    private static @Nullable String rebuild(String target, PathNormalization mode) {
        int question = target.indexOf('?');
        int pathEnd = question < 0 ? target.length() : question;
        char[] path = new char[pathEnd + 2 * encoded(target, pathEnd)];
        int length = decode(target, pathEnd, path, mode);
        if (length >= 0 && length > 0 && path[0] == '/') {
            length = removeDotSegments(path, length);
        }
        if (length < 0) {
            return null;
        }
        if (mode != PathNormalization.BASE) {
            length = mergeSlashes(path, length);
        }
        String normal = new String(path, 0, length);
        return question < 0 ? normal : normal + target.substring(question);
    }

    /** Fills {@code path} with the decoded path; returns its length, or -1 when it must be refused. */
    private static int decode(String target, int end, char[] path, PathNormalization mode) {
        int length = 0;
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '%') {
                int octet = escape(target, i, end);
                if (octet <= 0) {
                    return -1;
                }
                if (isDecoded(octet, mode)) {
                    path[length++] = octet == '\\' ? '/' : (char) octet;
                } else {
                    target.getChars(i, i + 3, path, length);
                    length += 3;
                }
                i += 2;
            } else if (c == 0) {
                return -1;
            } else if (isEncoded(c)) {
                path[length++] = '%';
                path[length++] = HEX[c >> 4];
                path[length++] = HEX[c & 0xf];
            } else {
                path[length++] = c == '\\' ? '/' : c;
            }
        }
        return length;
    }

    private static long bits(String characters) {
        long bits = 0;
        for (int i = 0; i < characters.length(); i++) {
            bits |= 1L << characters.charAt(i);
        }
        return bits;
    }

    /** Whether {@code c} must be percent-encoded in a path. A shift of a long goes by the lowest six bits alone. */
    private static boolean isEncoded(char c) {
        return c < 128 && ((c < 64 ? ENCODED_LOW : ENCODED_HIGH) >>> c & 1) != 0;
    }

    /** How many of the first characters must be percent-encoded. */
    private static int encoded(String target, int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            if (isEncoded(target.charAt(i))) {
                count++;
            }
        }
        return count;
    }

    /** The octet that is percent-encoded at {@code at}, or {@link #MALFORMED}. */
    private static int escape(String text, int at, int end) {
        if (at + 2 >= end) {
            return MALFORMED;
        }
        int high = hex(text.charAt(at + 1));
        int low = hex(text.charAt(at + 2));
        return high < 0 || low < 0 ? MALFORMED : high << 4 | low;
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static boolean isDecoded(int octet, PathNormalization mode) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~'
                || (mode == PathNormalization.DECODE_AND_MERGE_SLASHES && (octet == '/' || octet == '\\'));
    }

    /** RFC 3986 section 5.2.4 in place, except that going above the root is an error (-1) rather than the root. */
    private static int removeDotSegments(char[] path, int length) {
        int out = 0;
        int at = 0;
        while (at < length) {
            // path[at] is the slash before a segment.
            int end = at + 1;
            while (end < length && path[end] != '/') {
                end++;
            }
            int dots = dots(path, at + 1, end);
            if (dots == 0) {
                System.arraycopy(path, at, path, out, end - at);
                out += end - at;
            } else {
                if (dots == 2) {
                    if (out == 0) {
                        return -1;
                    }
                    do {
                        out--;
                    } while (path[out] != '/');
                }
                if (end == length) {
                    path[out++] = '/';
                }
            }
            at = end;
        }
        return out;
    }

    /**
     * 1 for the segment {@code .}, 2 for {@code ..}, 0 for any other. Parameters do not make it another: servers that take
     * them off before they look, such as Tomcat, would climb where no rule has seen it. Envoy, too, removes {@code ..;x}.
     */
    private static int dots(char[] path, int from, int to) {
        int end = from;
        while (end < to && path[end] == '.') {
            end++;
        }
        int count = end - from;
        return count <= 2 && (end == to || path[end] == ';') ? count : 0;
    }

    private static int mergeSlashes(char[] path, int length) {
        int out = 0;
        for (int i = 0; i < length; i++) {
            if (path[i] != '/' || out == 0 || path[out - 1] != '/') {
                path[out++] = path[i];
            }
        }
        return out;
    }
}
