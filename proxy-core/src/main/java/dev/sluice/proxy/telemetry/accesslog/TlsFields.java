package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * TLS that ends here and TLS that begins here, and the certificates of both ends. Formats that do not ask for it pay
 * nothing.
 */
final class TlsFields {
    private static final String DOWNSTREAM = "DOWNSTREAM_";
    private static final String UPSTREAM = "UPSTREAM_";
    private static final String SESSION = "TLS_";
    private static final String PEER = "PEER_";
    private static final String LOCAL = "LOCAL_";

    private interface Fact {
        @Nullable
        String of(ConnectionTls tls);
    }

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
        Fact fact = fact(what);
        if (fact == null) {
            return null;
        }
        LogField request = (exchange, line) -> line.escapedIfAny(text(ofRequest.apply(exchange), fact));
        return request.or((session, line) -> line.escapedIfAny(text(ofStream.apply(session), fact)));
    }

    private static @Nullable String text(@Nullable ConnectionTls tls, Fact fact) {
        return tls == null ? null : fact.of(tls);
    }

    private static @Nullable Fact fact(String what) {
        if (what.startsWith(SESSION)) {
            return switch (what.substring(SESSION.length())) {
                case "VERSION" -> ConnectionTls::version;
                case "CIPHER" -> ConnectionTls::cipher;
                case "SESSION_ID" -> TlsFields::sessionId;
                default -> null;
            };
        }
        if (what.startsWith(PEER)) {
            CertificateFact fact = ofPeer(what.substring(PEER.length()));
            return fact == null ? null : tls -> tls.peer(fact);
        }
        CertificateFact fact = what.startsWith(LOCAL) ? ofEither(what.substring(LOCAL.length())) : null;
        return fact == null ? null : tls -> tls.own(fact);
    }

    private static @Nullable CertificateFact ofPeer(String what) {
        return switch (what) {
            case "ISSUER" -> CertificateFact.ISSUER;
            case "SERIAL" -> CertificateFact.SERIAL;
            case "FINGERPRINT_256" -> CertificateFact.FINGERPRINT_256;
            case "FINGERPRINT_1" -> CertificateFact.FINGERPRINT_1;
            default -> ofEither(what);
        };
    }

    private static @Nullable CertificateFact ofEither(String what) {
        return switch (what) {
            case "SUBJECT" -> CertificateFact.SUBJECT;
            case "URI_SAN" -> CertificateFact.URI_SAN;
            case "DNS_SAN" -> CertificateFact.DNS_SAN;
            case "IP_SAN" -> CertificateFact.IP_SAN;
            case "EMAIL_SAN" -> CertificateFact.EMAIL_SAN;
            default -> null;
        };
    }

    private static @Nullable String sessionId(ConnectionTls tls) {
        byte[] id = tls.sessionId();
        return id.length == 0 ? null : HexFormat.of().formatHex(id);
    }
}
