package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.telemetry.Secrets;
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

    private interface Source {
        @Nullable
        CharSequence of(Exchange exchange);
    }

    private Headers() {}

    /** @param names {@code NAME} or {@code NAME?OTHER}, the other is written where the first is missing */
    static LogField field(Side side, String names) {
        int mark = names.indexOf('?');
        String first = mark < 0 ? names : names.substring(0, mark);
        String other = mark < 0 ? null : names.substring(mark + 1);
        boolean word = isWord(first) || (other != null && isWord(other));
        return field(source(side, first), other == null ? null : source(side, other), word);
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

    private static LogField field(Source first, @Nullable Source other, boolean word) {
        return (exchange, line) -> {
            if (word) {
                line.oneWord();
            }
            CharSequence value = first.of(exchange);
            if (value == null && other != null) {
                value = other.of(exchange);
            }
            if (value != null) {
                line.escaped(value);
            }
            return value != null;
        };
    }

    private static Source source(Side side, String written) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("access log format: the name of a header is missing");
        }
        if (Secrets.isSecret(name)) {
            Source real = header(side, name);
            return exchange -> real.of(exchange) == null ? null : Secrets.REDACTED;
        }
        Source pseudo = side == Side.REQUEST ? ofRequest(name) : side == Side.RESPONSE ? ofResponse(name) : null;
        if (pseudo != null) {
            return pseudo;
        }
        if (name.charAt(0) == ':') {
            throw new IllegalArgumentException("access log format: unknown pseudo header " + written);
        }
        return header(side, name);
    }

    private static Source header(Side side, String lowerCase) {
        AsciiString name = AsciiString.cached(lowerCase);
        return switch (side) {
            case REQUEST -> exchange -> exchange.request().headers().peek(name);
            case RESPONSE ->
                exchange -> {
                    ResponseHead head = exchange.responseHead();
                    return head == null ? null : head.headers().peek(name);
                };
            case TRAILERS ->
                exchange -> {
                    var trailers = exchange.responseTrailers();
                    return trailers == null ? null : trailers.peek(name);
                };
        };
    }

    private static @Nullable Source ofRequest(String name) {
        return switch (name) {
            case ":method" -> exchange -> exchange.request().method();
            case ":path" -> exchange -> exchange.request().path();
            case ":scheme" -> exchange -> exchange.request().scheme();
            case ":authority", "host" -> exchange -> orNull(exchange.request().authority());
            // What Envoy keeps in headers of its own, the head keeps beside what was edited.
            case "x-envoy-original-path" -> exchange -> originalPath(exchange.request());
            case "x-envoy-original-host" -> exchange -> originalAuthority(exchange.request());
            default -> null;
        };
    }

    private static @Nullable Source ofResponse(String name) {
        return name.equals(":status") ? exchange -> Integer.toString(exchange.status()) : null;
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
