package dev.sluice.proxy.match;

import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What a condition or an operator can name of a request. {@code host} and pseudo headers are fields of the head, so a header
 * of such a name is read there and never from the codec's own object, where an edited one would be stale. Immutable.
 *
 * @param source where the value stands
 * @param name lower-case header name, or query key with case; empty for the rest
 */
public record RequestField(Source source, AsciiString name) {
    /** Where the value stands. */
    public enum Source {
        /** The path without its query. */
        URI,
        /** The path with its query, as in {@code :path}. */
        PATH,
        METHOD,
        SCHEME,
        /** Host with its port as received; missing when empty. */
        AUTHORITY,
        /** Read, several values are joined with a comma; matched, they also count one by one ({@link Headers#satisfies}). */
        HEADER,
        QUERY,
        /** A pseudo header that no request has. */
        NOWHERE
    }

    public static final RequestField URI = new RequestField(Source.URI, AsciiString.EMPTY_STRING);
    public static final RequestField PATH = new RequestField(Source.PATH, AsciiString.EMPTY_STRING);
    public static final RequestField METHOD = new RequestField(Source.METHOD, AsciiString.EMPTY_STRING);
    public static final RequestField SCHEME = new RequestField(Source.SCHEME, AsciiString.EMPTY_STRING);
    public static final RequestField AUTHORITY = new RequestField(Source.AUTHORITY, AsciiString.EMPTY_STRING);
    private static final RequestField NOWHERE = new RequestField(Source.NOWHERE, AsciiString.EMPTY_STRING);

    /** A header by its name in any case, also {@code host} and {@code :authority}, {@code :method} and so on. */
    public static RequestField header(String name) {
        String lower = AsciiCase.fold(name);
        return switch (lower) {
            case "host", ":authority" -> AUTHORITY;
            case ":method" -> METHOD;
            case ":path" -> PATH;
            case ":scheme" -> SCHEME;
            default -> lower.startsWith(":") ? NOWHERE : new RequestField(Source.HEADER, AsciiString.cached(lower));
        };
    }

    /** The first occurrence of a query key. */
    public static RequestField query(String key) {
        return new RequestField(Source.QUERY, AsciiString.cached(WireText.of(key)));
    }

    /** Index of the {@code ?} of {@code path}, or its length. */
    public static int endOfPath(String path) {
        int question = path.indexOf('?');
        return question < 0 ? path.length() : question;
    }

    /**
     * The value; null when it is missing.
     *
     * @param pathEnd {@link #endOfPath} of the head's path, found once a request
     */
    public @Nullable CharSequence read(RequestHead head, int pathEnd) {
        return switch (source) {
            case URI -> head.path().substring(0, pathEnd);
            case PATH -> head.path();
            case METHOD -> head.method();
            case SCHEME -> head.scheme();
            case AUTHORITY -> head.authority().isEmpty() ? null : head.authority();
            case HEADER -> head.headers().joined(name);
            case QUERY -> {
                long found = QueryString.find(head.path(), pathEnd, name.toString());
                yield found == QueryString.MISSING
                        ? null
                        : head.path().substring(QueryString.from(found), QueryString.to(found));
            }
            case NOWHERE -> null;
        };
    }

    /** Whether the value is there and satisfies {@code matcher}. */
    public boolean matches(RequestHead head, int pathEnd, StringMatcher matcher) {
        switch (source) {
            case URI -> {
                return matcher.matches(head.path(), 0, pathEnd);
            }
            case QUERY -> {
                long found = QueryString.find(head.path(), pathEnd, name.toString());
                return found != QueryString.MISSING
                        && matcher.matches(head.path(), QueryString.from(found), QueryString.to(found));
            }
            case HEADER -> {
                return head.headers().satisfies(name, matcher);
            }
            default -> {
                CharSequence value = read(head, pathEnd);
                return value != null && matcher.matches(value);
            }
        }
    }
}
