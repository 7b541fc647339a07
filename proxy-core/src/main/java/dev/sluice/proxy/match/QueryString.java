package dev.sluice.proxy.match;

/**
 * Query parameters as Envoy's matcher sees them (spec/istio-fields.md §1.2): raw, not percent-decoded, the first occurrence
 * of a key counts, a key without {@code =} has the empty value.
 */
public final class QueryString {
    /** There is no such key. */
    public static final long MISSING = -1;

    private QueryString() {}

    /**
     * Where the value of {@code key} stands in {@code path}.
     *
     * @param pathEnd index of the {@code ?}, or the length of {@code path}
     * @return for {@link #from} and {@link #to}, or {@link #MISSING}
     */
    public static long find(String path, int pathEnd, String key) {
        int length = path.length();
        int at = pathEnd + 1;
        while (at <= length) {
            int end = path.indexOf('&', at);
            if (end < 0) {
                end = length;
            }
            int keyEnd = at + key.length();
            if (keyEnd <= end && path.startsWith(key, at)) {
                if (keyEnd == end) {
                    return pack(end, end);
                }
                if (path.charAt(keyEnd) == '=') {
                    return pack(keyEnd + 1, end);
                }
            }
            at = end + 1;
        }
        return MISSING;
    }

    private static long pack(int from, int to) {
        return (long) from << 32 | to;
    }

    /** First index of a found value. */
    public static int from(long found) {
        return (int) (found >>> 32);
    }

    /** Index after a found value. */
    public static int to(long found) {
        return (int) found;
    }
}
