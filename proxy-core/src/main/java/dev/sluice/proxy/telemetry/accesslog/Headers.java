package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.telemetry.Secrets;
import dev.sluice.proxy.telemetry.line.LogLine;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code %REQ(NAME?OTHER)%} and its like: the first value of a header, pseudo headers included. Values of headers that
 * carry credentials are never written, whatever the format asks for.
 */
final class Headers {
    /** Whose headers. */
    enum Side {
        REQUEST,
        RESPONSE,
        TRAILERS
    }

    /** Where a value comes from. */
    private enum Kind {
        REQUEST_HEADER,
        RESPONSE_HEADER,
        TRAILER,
        METHOD,
        PATH,
        SCHEME,
        AUTHORITY,
        STATUS,
        // What Envoy keeps in headers of its own, the head keeps beside what was edited.
        ORIGINAL_PATH,
        ORIGINAL_AUTHORITY
    }

    /** @param secret its value is not to be told */
    private record Source(Kind kind, AsciiString name, boolean secret) {
        @Nullable
        CharSequence of(Exchange exchange) {
            RequestHead request = exchange.request();
            CharSequence value =
                    switch (kind) {
                        case REQUEST_HEADER -> request.headers().peek(name);
                        case RESPONSE_HEADER -> responseHeader(exchange.responseHead(), name);
                        case TRAILER -> trailer(exchange.responseTrailers(), name);
                        case METHOD -> request.method();
                        case PATH -> request.path();
                        case SCHEME -> request.scheme();
                        case AUTHORITY -> orNull(request.authority());
                        case STATUS -> Integer.toString(exchange.status());
                        case ORIGINAL_PATH -> originalPath(request);
                        case ORIGINAL_AUTHORITY -> originalAuthority(request);
                    };
            return secret && value != null ? Secrets.REDACTED : value;
        }
    }

    private static @Nullable CharSequence responseHeader(@Nullable ResponseHead head, AsciiString name) {
        return head == null ? null : head.headers().peek(name);
    }

    private static @Nullable CharSequence trailer(
            dev.sluice.proxy.stream.headers.@Nullable Headers trailers, AsciiString name) {
        return trailers == null ? null : trailers.peek(name);
    }

    /**
     * The first value, or that of another where it is missing.
     *
     * @param word whether it is one word even between quotes
     */
    private record Value(Source first, @Nullable Source other, boolean word) implements LogField {
        @Override
        public boolean write(Exchange exchange, LogLine line) {
            CharSequence value = first.of(exchange);
            if (value == null && other != null) {
                value = other.of(exchange);
            }
            if (value == null) {
                return false;
            }
            if (word) {
                line.oneWord();
            }
            line.escaped(value);
            return true;
        }
    }

    private Headers() {}

    /** @param names {@code NAME} or {@code NAME?OTHER}, the other is written where the first is missing */
    static LogField field(Side side, String names) {
        int mark = names.indexOf('?');
        String first = mark < 0 ? names : names.substring(0, mark);
        String other = mark < 0 ? null : names.substring(mark + 1);
        boolean word = isWord(first) || (other != null && isWord(other));
        return new Value(source(side, first), other == null ? null : source(side, other), word);
    }

    /** A request header, such as {@code :path}, up to its first question mark. */
    static LogField withoutQuery(String names) {
        LogField all = field(Side.REQUEST, names);
        return (exchange, line) -> {
            int start = line.size();
            boolean found = all.write(exchange, line);
            int query = found ? line.indexOf('?', start) : -1;
            if (query >= 0) {
                line.rewind(query);
            }
            return found;
        };
    }

    /** Whether it is a word of a request line: Istio's format has several between one pair of quotes. */
    private static boolean isWord(String name) {
        return name.strip().startsWith(":")
                || name.strip().toLowerCase(Locale.ROOT).startsWith("x-envoy-original-");
    }

    private static Source source(Side side, String written) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("access log format: the name of a header is missing");
        }
        boolean secret = Secrets.isSecret(name);
        Kind pseudo = secret ? null : pseudo(side, name);
        if (pseudo == null && name.charAt(0) == ':') {
            throw new IllegalArgumentException("access log format: unknown pseudo header " + written);
        }
        Kind header =
                switch (side) {
                    case REQUEST -> Kind.REQUEST_HEADER;
                    case RESPONSE -> Kind.RESPONSE_HEADER;
                    case TRAILERS -> Kind.TRAILER;
                };
        return new Source(pseudo == null ? header : pseudo, AsciiString.cached(name), secret);
    }

    private static @Nullable Kind pseudo(Side side, String name) {
        if (side != Side.REQUEST) {
            return side == Side.RESPONSE && name.equals(":status") ? Kind.STATUS : null;
        }
        return switch (name) {
            case ":method" -> Kind.METHOD;
            case ":path" -> Kind.PATH;
            case ":scheme" -> Kind.SCHEME;
            case ":authority", "host" -> Kind.AUTHORITY;
            case "x-envoy-original-path" -> Kind.ORIGINAL_PATH;
            case "x-envoy-original-host" -> Kind.ORIGINAL_AUTHORITY;
            default -> null;
        };
    }

    private static @Nullable String originalPath(RequestHead request) {
        String received = request.receivedPath();
        return received.equals(request.path()) ? null : received;
    }

    private static @Nullable String originalAuthority(RequestHead request) {
        String received = request.receivedAuthority();
        return received.equals(request.authority()) ? null : orNull(received);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
