package dev.sluice.proxy.routing;

import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What matching reads of a request. One per event loop, refilled for each request, so matching allocates nothing in the
 * ordinary case.
 *
 * <p>Not thread-safe.
 */
final class RequestFacts {
    private @Nullable RequestHead head;
    private String path = "";
    private int queryStart = -1;
    private @Nullable String lowerPath;

    /** Points it at {@code request}, whose path is normalised. */
    void of(RequestHead request) {
        this.head = request;
        String target = request.path();
        this.queryStart = target.indexOf('?');
        this.path = queryStart < 0 ? target : target.substring(0, queryStart);
        this.lowerPath = null;
    }

    /** Lets the request go, so that nothing outlives it. */
    void clear() {
        this.head = null;
    }

    RequestHead head() {
        RequestHead current = head;
        if (current == null) {
            throw new IllegalStateException("no request");
        }
        return current;
    }

    /** Path without query. */
    String path() {
        return path;
    }

    /** Path without query in ASCII lower case. */
    String lowerPath() {
        String lower = lowerPath;
        if (lower == null) {
            lower = lower(path);
            lowerPath = lower;
        }
        return lower;
    }

    private static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (StringMatcher.toLower(text.charAt(i)) != text.charAt(i)) {
                char[] chars = text.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = StringMatcher.toLower(chars[j]);
                }
                return new String(chars);
            }
        }
        return text;
    }

    /** Value of a header, several joined with a comma; {@code host} and pseudo headers are fields of the head. */
    @Nullable
    CharSequence header(AsciiString name) {
        RequestHead request = head();
        CharSequence value = request.headers().joined(name);
        return value != null ? value : field(request, name.toString());
    }

    private static @Nullable String field(RequestHead request, String name) {
        return switch (name) {
            case "host", ":authority" -> request.authority();
            case ":method" -> request.method();
            case ":path" -> request.path();
            case ":scheme" -> request.scheme();
            default -> null;
        };
    }

    /** Raw value of the first occurrence of a query key; empty for a key without {@code =}; null when missing. */
    @Nullable
    String query(String key) {
        if (queryStart < 0) {
            return null;
        }
        String target = head().path();
        int at = queryStart + 1;
        while (at <= target.length()) {
            int end = target.indexOf('&', at);
            if (end < 0) {
                end = target.length();
            }
            if (target.startsWith(key, at) && at + key.length() <= end) {
                int after = at + key.length();
                if (after == end) {
                    return "";
                }
                if (target.charAt(after) == '=') {
                    return target.substring(after + 1, end);
                }
            }
            at = end + 1;
        }
        return null;
    }
}
