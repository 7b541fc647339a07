package dev.sluice.proxy.policy.headers;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.policy.headers.ValueFormat.Part;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Envoy's command operators that make sense in a header value. Pure. */
final class Operators {
    private static final DateTimeFormatter ISO_MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Operators() {}

    /**
     * Compiles what stands between two percent signs: {@code NAME}, {@code NAME(args)}, {@code NAME(args):length}.
     *
     * @throws IllegalArgumentException when it is malformed or unknown
     */
    static Part compile(String operator) {
        int open = operator.indexOf('(');
        int close = operator.lastIndexOf(')');
        if ((open < 0) != (close < 0) || close < open) {
            throw new IllegalArgumentException("'%" + operator + "%' has unbalanced parentheses");
        }
        String name = open < 0 ? operator : operator.substring(0, open);
        String arguments = open < 0 ? "" : operator.substring(open + 1, close);
        String rest = open < 0 ? "" : operator.substring(close + 1);
        Part part = named(name, arguments, operator);
        return rest.isEmpty() ? part : truncated(part, rest, operator);
    }

    private static Part truncated(Part part, String rest, String operator) {
        int limit = rest.startsWith(":") ? number(rest.substring(1)) : -1;
        if (limit < 0) {
            throw new IllegalArgumentException("'%" + operator + "%': ':' and a length may follow the arguments");
        }
        return context -> {
            String text = part.text(context);
            return text == null || text.length() <= limit ? text : text.substring(0, limit);
        };
    }

    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 6) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static Part named(String name, String arguments, String operator) {
        return switch (name) {
            case "REQ" -> either(arguments, operator, Operators::requestHeader);
            case "RESP" -> either(arguments, operator, Operators::responseHeader);
            case "PROTOCOL" -> context -> context.request().version().text();
            case "START_TIME" -> exchange(e -> ISO_MILLIS.format(Instant.ofEpochMilli(e.startedMillis())));
            case "DOWNSTREAM_REMOTE_ADDRESS" -> exchange(e -> address(remote(e), true));
            case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" -> exchange(e -> address(remote(e), false));
            case "DOWNSTREAM_REMOTE_PORT" -> exchange(e -> port(remote(e)));
            case "DOWNSTREAM_LOCAL_ADDRESS" -> exchange(e -> address(local(e), true));
            case "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT" -> exchange(e -> address(local(e), false));
            case "DOWNSTREAM_LOCAL_PORT" -> exchange(e -> port(local(e)));
            case "REQUESTED_SERVER_NAME" ->
                exchange(e -> e.downstream().connection().serverName());
            case "UPSTREAM_HOST", "UPSTREAM_REMOTE_ADDRESS" -> exchange(Operators::upstreamHost);
            case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW" ->
                exchange(e -> e.destination() == null
                        ? null
                        : e.destination().plan().cluster().envoyName());
            case "ROUTE_NAME" ->
                exchange(e -> e.route() == null ? null : e.route().rule().name());
            case "RESPONSE_CODE" ->
                context -> context.response() == null
                        ? null
                        : Integer.toString(context.response().status());
            case "RESPONSE_FLAGS" ->
                exchange(e -> e.error() == null ? "-" : e.error().code().flag());
            case "BYTES_RECEIVED" -> exchange(e -> Long.toString(e.requestBytes()));
            case "BYTES_SENT" -> exchange(e -> Long.toString(e.responseBytes()));
            case "DURATION" -> exchange(e -> Long.toString((System.nanoTime() - e.startedNanos()) / 1_000_000));
            default -> throw new IllegalArgumentException("'%" + operator + "%' is not an operator known here");
        };
    }

    /** {@code X?Y}: the first header, else the second. */
    private static Part either(String arguments, String operator, HeaderSource source) {
        int question = arguments.indexOf('?');
        String first = question < 0 ? arguments : arguments.substring(0, question);
        String second = question < 0 ? "" : arguments.substring(question + 1);
        if (first.isEmpty()) {
            throw new IllegalArgumentException("'%" + operator + "%' names no header");
        }
        AsciiString main = AsciiString.cached(first.toLowerCase(Locale.ROOT));
        AsciiString other = second.isEmpty() ? null : AsciiString.cached(second.toLowerCase(Locale.ROOT));
        return context -> {
            CharSequence value = source.get(context, main);
            if (value == null && other != null) {
                value = source.get(context, other);
            }
            return value == null ? null : value.toString();
        };
    }

    private interface HeaderSource {
        @Nullable
        CharSequence get(FormatContext context, AsciiString name);
    }

    private static @Nullable CharSequence requestHeader(FormatContext context, AsciiString name) {
        RequestHead request = context.request();
        return switch (name.toString()) {
            case ":method" -> request.method();
            case ":path" -> request.path();
            case ":scheme" -> request.scheme();
            case ":authority", "host" -> request.authority();
            default -> request.headers().get(name);
        };
    }

    private static @Nullable CharSequence responseHeader(FormatContext context, AsciiString name) {
        ResponseHead response = context.response();
        if (response == null) {
            return null;
        }
        return name.toString().equals(":status")
                ? Integer.toString(response.status())
                : response.headers().get(name);
    }

    private static Part exchange(Function<Exchange, @Nullable String> value) {
        return context -> context.exchange() == null ? null : value.apply(context.exchange());
    }

    private static SocketAddress remote(Exchange exchange) {
        return exchange.downstream().connection().remoteAddress();
    }

    private static SocketAddress local(Exchange exchange) {
        return exchange.downstream().connection().localAddress();
    }

    private static @Nullable String upstreamHost(Exchange exchange) {
        Attempt attempt = exchange.attempt();
        return attempt == null || attempt.endpoint() == null
                ? null
                : attempt.endpoint().hostPort();
    }

    private static @Nullable String address(SocketAddress address, boolean withPort) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return null;
        }
        String host = inet.getAddress().getHostAddress();
        if (!withPort) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + inet.getPort() : host + ":" + inet.getPort();
    }

    private static @Nullable String port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : null;
    }
}
