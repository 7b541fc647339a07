package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.telemetry.ResponseFlags;
import dev.sluice.proxy.telemetry.line.Literal;
import dev.sluice.proxy.telemetry.line.LogLine;
import dev.sluice.proxy.telemetry.line.PlainLine;
import io.netty.util.AsciiString;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@link LogFormat#DEFAULT_TEXT}, the line of nearly everybody, field after field in one method: what the format compiled from
 * its text writes, without finding out for each of two dozen fields whose code writes it. Between two requests' other work those
 * jumps are most of what a line costs. A line with a value that has to be escaped or cut is left to the compiled format.
 *
 * <p>Connections that carry bytes have one line each, and the compiled format writes it.
 */
final class IstioText implements LogFormat {
    private static final int WHOLE = Integer.MAX_VALUE;
    private static final Literal BRACKET = Literal.of("[");
    private static final Literal BEFORE_METHOD = Literal.of("] \"");
    private static final Literal BLANK = Literal.of(" ");
    private static final Literal AFTER_QUOTE = Literal.of("\" ");
    private static final Literal BETWEEN = Literal.of("\" \"");
    private static final Literal BEFORE_QUOTE = Literal.of(" \"");
    /** No CONNECTION_TERMINATION_DETAILS, which no request has, and no failure of the transport. */
    private static final Literal NO_FAILURE = Literal.of(" - \"-\" ");

    private static final Literal NONE = Literal.of("-");
    private static final Literal NO_CODE = Literal.of(" -");

    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString SERVICE_TIME = AsciiString.cached("x-envoy-upstream-service-time");

    private final LogFormat compiled;

    /** @param compiled from {@link LogFormat#DEFAULT_TEXT} */
    IstioText(LogFormat compiled) {
        this.compiled = compiled;
    }

    @Override
    public void write(TcpSession session, LogLine line) {
        compiled.write(session, line);
    }

    @Override
    public void write(Exchange exchange, LogLine line) {
        PlainLine plain = line.plain();
        int at = request(exchange.request(), exchange.startedMillis(), plain, plain.begin());
        at = outcome(exchange, plain, at);
        at = headers(exchange.request(), plain, at);
        at = upstream(exchange, plain, at);
        at = downstream(exchange, plain, at);
        if (!plain.end(at)) {
            compiled.write(exchange, line);
        }
    }

    private static int request(RequestHead request, long startedMillis, PlainLine plain, int start) {
        int at = plain.literal(start, BRACKET);
        at = plain.time(at, startedMillis);
        at = plain.literal(at, BEFORE_METHOD);
        at = plain.word(at, request.method());
        at = plain.literal(at, BLANK);
        at = plain.word(at, request.receivedPath());
        at = plain.literal(at, BLANK);
        at = plain.own(at, request.version().text());
        return plain.literal(at, AFTER_QUOTE);
    }

    private static int outcome(Exchange exchange, PlainLine plain, int start) {
        if (ExchangeFields.failureReason(exchange) != null) {
            return plain.odd(start);
        }
        int at = plain.number(start, exchange.status());
        at = plain.literal(at, BLANK);
        at = plain.own(at, ResponseFlags.of(exchange));
        at = own(ExchangeFields.details(exchange), plain, at);
        at = plain.literal(at, NO_FAILURE);
        at = plain.number(at, exchange.requestBytes());
        at = plain.literal(at, BLANK);
        at = plain.number(at, exchange.responseBytes());
        at = plain.literal(at, BLANK);
        long started = exchange.startedNanos();
        long ended = exchange.endNanos();
        at = TimingFields.isSpan(started, ended)
                ? plain.number(at, TimingFields.millis(started, ended))
                : plain.literal(at, NONE);
        at = plain.literal(at, BLANK);
        ResponseHead response = exchange.responseHead();
        return plain.bare(at, response == null ? null : response.headers().peek(SERVICE_TIME));
    }

    private static int headers(RequestHead request, PlainLine plain, int start) {
        Headers headers = request.headers();
        int at = plain.literal(start, BEFORE_QUOTE);
        at = plain.quoted(at, headers.peek(FORWARDED_FOR));
        at = plain.literal(at, BETWEEN);
        at = plain.quoted(at, headers.peek(USER_AGENT));
        at = plain.literal(at, BETWEEN);
        at = plain.quoted(at, headers.peek(REQUEST_ID));
        at = plain.literal(at, BETWEEN);
        String authority = request.authority();
        at = authority.isEmpty() ? plain.literal(at, NONE) : plain.word(at, authority);
        return plain.literal(at, BETWEEN);
    }

    /** From the endpoint's quote on: the same for all requests of a connection. */
    private static int upstream(Exchange exchange, PlainLine plain, int start) {
        Attempt attempt = exchange.attempt();
        Destination destination = exchange.destination();
        ClientConnection connection = attempt == null ? null : attempt.connection();
        if (attempt == null || connection == null || destination == null) {
            writeUpstream(exchange, plain.pause(start));
            return plain.resume();
        }
        Endpoint endpoint = attempt.endpoint();
        ClusterKey cluster = destination.plan().cluster();
        int at = plain.again(start, connection, endpoint, cluster);
        if (at < 0) {
            writeUpstream(exchange, plain.pause(start));
            at = plain.remember(start, connection, endpoint, cluster);
        }
        return at;
    }

    private static void writeUpstream(Exchange exchange, LogLine line) {
        line.beginValue(false, WHOLE);
        orDash(line, PeerFields.upstreamHost(exchange, line));
        line.raw('"');
        beginBare(line);
        orDash(line, ExchangeFields.cluster(exchange, line));
        beginBare(line);
        orDash(line, SocketAddressText.write(line, PeerFields.upstreamLocal(exchange)));
    }

    private static int downstream(Exchange exchange, PlainLine plain, int start) {
        DownstreamConnection connection = exchange.connection();
        SocketAddress client = exchange.clientAddress();
        String serverName = connection.serverName();
        int at;
        if (client == connection.remoteAddress()) {
            at = plain.again(start, connection, client, serverName);
            if (at < 0) {
                writeDownstream(exchange, plain.pause(start));
                at = plain.remember(start, connection, client, serverName);
            }
        } else {
            // Whom proxies in front of us named: another one for each request.
            writeDownstream(exchange, plain.pause(start));
            at = plain.resume();
        }
        at = plain.literal(at, BLANK);
        at = plain.bare(at, ExchangeFields.routeName(exchange));
        return own(ExchangeFields.code(exchange), plain, at);
    }

    private static void writeDownstream(Exchange exchange, LogLine line) {
        beginBare(line);
        orDash(line, SocketAddressText.write(line, exchange.connection().localAddress()));
        beginBare(line);
        orDash(line, PeerFields.client(exchange, line));
        beginBare(line);
        String serverName = exchange.connection().serverName();
        orDash(line, serverName != null && !serverName.isEmpty() && line.escapedIfAny(serverName));
    }

    private static int own(@Nullable String text, PlainLine plain, int start) {
        return text == null ? plain.literal(start, NO_CODE) : plain.own(plain.literal(start, BLANK), text);
    }

    private static void orDash(LogLine line, boolean written) {
        if (!written) {
            line.raw('-');
        }
    }

    private static void beginBare(LogLine line) {
        line.raw(' ');
        line.beginValue(true, WHOLE);
    }
}
