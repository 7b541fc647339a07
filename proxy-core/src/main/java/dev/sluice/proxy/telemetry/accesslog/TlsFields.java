package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.DownstreamTls;
import dev.sluice.proxy.tls.CertificateText;
import dev.sluice.proxy.tls.CertificateText.NameKind;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** TLS that ends here, and both sides' certificates. Formats that do not ask for it pay nothing. */
final class TlsFields {
    private static final String SESSION = "DOWNSTREAM_TLS_";
    private static final String PEER = "DOWNSTREAM_PEER_";
    private static final String LOCAL = "DOWNSTREAM_LOCAL_";

    private interface Fact {
        @Nullable
        String of(DownstreamTls tls);
    }

    private TlsFields() {}

    /** The field of an operator, of requests and of connections; null when it is not one of these. */
    static @Nullable LogField find(String operator) {
        Fact fact = fact(operator);
        if (fact == null) {
            return null;
        }
        LogField request = (exchange, line) -> line.escapedIfAny(text(exchange.connection(), fact));
        return request.or((session, line) -> line.escapedIfAny(text(session.downstream(), fact)));
    }

    private static @Nullable String text(DownstreamConnection connection, Fact fact) {
        DownstreamTls tls = connection.tls();
        return tls == null ? null : fact.of(tls);
    }

    private static @Nullable Fact fact(String operator) {
        if (operator.startsWith(SESSION)) {
            return switch (operator.substring(SESSION.length())) {
                case "VERSION" -> DownstreamTls::version;
                case "CIPHER" -> DownstreamTls::cipher;
                case "SESSION_ID" -> TlsFields::sessionId;
                default -> null;
            };
        }
        if (operator.startsWith(PEER)) {
            String what = operator.substring(PEER.length());
            return of(ofPeer(what), DownstreamTls::peer);
        }
        return operator.startsWith(LOCAL) ? of(ofEither(operator.substring(LOCAL.length())), DownstreamTls::own) : null;
    }

    private static @Nullable Fact of(
            @Nullable Function<X509Certificate, @Nullable String> what,
            Function<DownstreamTls, @Nullable X509Certificate> whose) {
        if (what == null) {
            return null;
        }
        return tls -> {
            X509Certificate certificate = whose.apply(tls);
            return certificate == null ? null : what.apply(certificate);
        };
    }

    private static @Nullable Function<X509Certificate, @Nullable String> ofPeer(String what) {
        return switch (what) {
            case "ISSUER" -> CertificateText::issuer;
            case "SERIAL" -> CertificateText::serial;
            case "FINGERPRINT_256" -> certificate -> CertificateText.fingerprint(certificate, "SHA-256");
            case "FINGERPRINT_1" -> certificate -> CertificateText.fingerprint(certificate, "SHA-1");
            default -> ofEither(what);
        };
    }

    private static @Nullable Function<X509Certificate, @Nullable String> ofEither(String what) {
        return switch (what) {
            case "SUBJECT" -> CertificateText::subject;
            case "URI_SAN" -> names(NameKind.URI);
            case "DNS_SAN" -> names(NameKind.DNS);
            case "IP_SAN" -> names(NameKind.IP);
            case "EMAIL_SAN" -> names(NameKind.EMAIL);
            default -> null;
        };
    }

    private static Function<X509Certificate, @Nullable String> names(NameKind kind) {
        return certificate -> CertificateText.names(certificate, kind);
    }

    private static @Nullable String sessionId(DownstreamTls tls) {
        byte[] id = tls.sessionId();
        return id.length == 0 ? null : HexFormat.of().formatHex(id);
    }
}
