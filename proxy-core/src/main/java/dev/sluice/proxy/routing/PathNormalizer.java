package dev.sluice.proxy.routing;

import dev.sluice.config.plan.ProxySettingsPlan.PathNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Brings a request path into the form that is matched and forwarded (spec/istio-fields.md §7, spec/reliability.md E13): RFC
 * 3986 §6.2.2 percent-decoding of unreserved characters and removal of dot segments, backslash to slash. What is matched is
 * what the upstream sees. Pure; a path that needs nothing is returned as it is.
 */
public final class PathNormalizer {
    private PathNormalizer() {}

    /**
     * Normalises {@code target}; the query is not touched.
     *
     * @return null when the path is malformed: a bad percent-encoding, or dot segments that lead above the root
     */
    public static @Nullable String normalize(String target, PathNormalization mode) {
        if (mode == PathNormalization.NONE || !needsWork(target, mode)) {
            return target;
        }
        int end = target.indexOf('?');
        String query = end < 0 ? "" : target.substring(end);
        String path = end < 0 ? target : target.substring(0, end);
        StringBuilder decoded = new StringBuilder(path.length());
        if (!decode(path, mode == PathNormalization.DECODE_AND_MERGE_SLASHES, decoded)) {
            return null;
        }
        boolean merge = mode != PathNormalization.BASE;
        String clean = removeDotSegments(merge ? mergeSlashes(decoded) : decoded);
        return clean == null ? null : clean + query;
    }

    private static boolean needsWork(String target, PathNormalization mode) {
        boolean afterSlash = false;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '?') {
                return false;
            }
            if (c == '%' || c == '\\' || (c == '.' && afterSlash)) {
                return true;
            }
            if (c == '/' && afterSlash && mode != PathNormalization.BASE) {
                return true;
            }
            afterSlash = c == '/';
        }
        return false;
    }

    private static boolean decode(String path, boolean slashesToo, StringBuilder out) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                out.append('/');
            } else if (c != '%') {
                out.append(c);
            } else {
                if (i + 2 >= path.length()) {
                    return false;
                }
                int high = Character.digit(path.charAt(i + 1), 16);
                int low = Character.digit(path.charAt(i + 2), 16);
                if (high < 0 || low < 0) {
                    return false;
                }
                int octet = high * 16 + low;
                if (octet == 0) {
                    return false;
                }
                if (isUnreserved(octet)) {
                    out.append((char) octet);
                } else if (slashesToo && (octet == '/' || octet == '\\')) {
                    out.append('/');
                } else {
                    out.append(path, i, i + 3);
                }
                i += 2;
            }
        }
        return true;
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }

    private static StringBuilder mergeSlashes(StringBuilder path) {
        StringBuilder merged = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || merged.length() == 0 || merged.charAt(merged.length() - 1) != '/') {
                merged.append(c);
            }
        }
        return merged;
    }

    /** RFC 3986 §5.2.4, but going above the root is an error rather than the root. */
    private static @Nullable String removeDotSegments(StringBuilder path) {
        StringBuilder out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            // Invariant: path[at] is '/'.
            int next = path.indexOf("/", at + 1);
            int end = next < 0 ? path.length() : next;
            int length = end - at - 1;
            boolean isLast = next < 0;
            if (length == 1 && path.charAt(at + 1) == '.') {
                if (isLast) {
                    out.append('/');
                }
            } else if (length == 2 && path.charAt(at + 1) == '.' && path.charAt(at + 2) == '.') {
                int parent = out.lastIndexOf("/");
                if (parent < 0) {
                    return null;
                }
                out.setLength(parent);
                if (isLast) {
                    out.append('/');
                }
            } else {
                out.append(path, at, end);
            }
            at = end;
        }
        return out.toString();
    }
}
