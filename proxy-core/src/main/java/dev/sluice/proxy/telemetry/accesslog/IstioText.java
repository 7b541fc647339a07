package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.telemetry.ResponseFlags;
import dev.sluice.proxy.telemetry.line.LogLine;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * {@link LogFormat#DEFAULT_TEXT}, the line of nearly everybody, field after field in one method: what the format compiled from
 * its text writes, without finding out for each of two dozen fields whose code writes it. Between two requests' other work those
 * jumps are most of what a line costs.
 *
 * <p>Connections that carry bytes have one line each, and the compiled format writes it.
 */
final class IstioText implements LogFormat {
    private static final int WHOLE = Integer.MAX_VALUE;
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
        request(exchange.request(), exchange.startedMillis(), line);
        outcome(exchange, line);
        headers(exchange.request(), line);
        peers(exchange, line);
    }

    private static void request(RequestHead request, long startedMillis, LogLine line) {
        line.raw('[');
        line.utc().writeIso(line, startedMillis);
        line.raw(']').raw(' ').raw('"');
        word(line, request.method());
        line.raw(' ');
        word(line, request.receivedPath());
        line.raw(' ').raw(request.version().text()).raw('"').raw(' ');
    }

    private static void outcome(Exchange exchange, LogLine line) {
        line.number(exchange.status()).raw(' ').raw(ResponseFlags.of(exchange));
        own(line, ExchangeFields.details(exchange));
        // CONNECTION_TERMINATION_DETAILS, which no request has.
        line.raw(' ').raw('-').raw(' ').raw('"');
        quoted(line, ExchangeFields.failureReason(exchange));
        line.raw('"').raw(' ').number(exchange.requestBytes());
        line.raw(' ').number(exchange.responseBytes()).raw(' ');
        if (!TimingFields.span(line, exchange.startedNanos(), exchange.endNanos())) {
            line.raw('-');
        }
        ResponseHead response = exchange.responseHead();
        bare(line, response == null ? null : response.headers().peek(SERVICE_TIME));
    }

    private static void headers(RequestHead request, LogLine line) {
        line.raw(' ').raw('"');
        quoted(line, request.headers().peek(FORWARDED_FOR));
        between(line);
        quoted(line, request.headers().peek(USER_AGENT));
        between(line);
        quoted(line, request.headers().peek(REQUEST_ID));
        between(line);
        String authority = request.authority();
        if (authority.isEmpty()) {
            line.raw('-');
        } else {
            word(line, authority);
        }
    }

    private static void peers(Exchange exchange, LogLine line) {
        between(line);
        line.beginValue(false, WHOLE);
        orDash(line, PeerFields.upstreamHost(exchange, line));
        line.raw('"');
        beginBare(line);
        orDash(line, ExchangeFields.cluster(exchange, line));
        beginBare(line);
        orDash(line, SocketAddressText.write(line, PeerFields.upstreamLocal(exchange)));
        beginBare(line);
        orDash(line, SocketAddressText.write(line, exchange.connection().localAddress()));
        beginBare(line);
        orDash(line, PeerFields.client(exchange, line));
        bare(line, exchange.connection().serverName());
        bare(line, ExchangeFields.routeName(exchange));
        own(line, ExchangeFields.code(exchange));
    }

    private static void between(LogLine line) {
        line.raw('"').raw(' ').raw('"');
    }

    private static void orDash(LogLine line, boolean written) {
        if (!written) {
            line.raw('-');
        }
    }

    /** Text of our own outside quotes, which is never empty. */
    private static void own(LogLine line, @Nullable String text) {
        line.raw(' ');
        orDash(line, line.rawIfAny(text));
    }

    /** A word of a request line, between quotes with others. */
    private static void word(LogLine line, String text) {
        line.beginValue(true, WHOLE);
        line.escaped(text);
    }

    private static void quoted(LogLine line, @Nullable CharSequence text) {
        line.beginValue(false, WHOLE);
        orDash(line, line.escapedIfAny(text));
    }

    /** A value outside quotes, where an empty one would make two separators one. */
    private static void bare(LogLine line, @Nullable CharSequence text) {
        beginBare(line);
        orDash(line, text != null && text.length() > 0 && line.escapedIfAny(text));
    }

    private static void beginBare(LogLine line) {
        line.raw(' ');
        line.beginValue(true, WHOLE);
    }
}
