package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.format.TlsFact;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ConnectionTls;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * TLS that ends here and TLS that begins here, and the certificates of both ends. Formats that do not ask for it pay
 * nothing.
 */
final class TlsFields {
    private static final String DOWNSTREAM = "DOWNSTREAM_";
    private static final String UPSTREAM = "UPSTREAM_";

    private TlsFields() {}

    /** The field of an operator, of requests and of connections; null when it is not one of these. */
    static @Nullable LogField find(String operator) {
        if (operator.startsWith(DOWNSTREAM)) {
            return field(
                    operator.substring(DOWNSTREAM.length()),
                    exchange -> exchange.connection().tls(),
                    session -> session.downstream().tls());
        }
        return operator.startsWith(UPSTREAM)
                ? field(operator.substring(UPSTREAM.length()), PeerFields::upstreamTls, TcpSession::upstreamTls)
                : null;
    }

    private static @Nullable LogField field(
            String what,
            Function<Exchange, @Nullable ConnectionTls> ofRequest,
            Function<TcpSession, @Nullable ConnectionTls> ofStream) {
        TlsFact fact = TlsFact.find(what);
        if (fact == null) {
            return null;
        }
        LogField request = (exchange, line) -> line.escapedIfAny(text(ofRequest.apply(exchange), fact));
        return request.or((session, line) -> line.escapedIfAny(text(ofStream.apply(session), fact)));
    }

    private static @Nullable String text(@Nullable ConnectionTls tls, TlsFact fact) {
        return tls == null ? null : fact.of(tls);
    }
}
