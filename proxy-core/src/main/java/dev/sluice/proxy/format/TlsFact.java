package dev.sluice.proxy.format;

import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy's operators of TLS ask, the same of both sides: of the session, of the certificate that the peer showed and of
 * our own. Immutable.
 */
@FunctionalInterface
public interface TlsFact {
    /** Null where there is nothing of that. */
    @Nullable
    String of(ConnectionTls tls);

    /**
     * The fact that an operator's name asks for behind its side, such as {@code PEER_SUBJECT} of {@code
     * DOWNSTREAM_PEER_SUBJECT}; null when it is none of these.
     */
    static @Nullable TlsFact find(String what) {
        switch (what) {
            case "TLS_VERSION" -> {
                return ConnectionTls::version;
            }
            case "TLS_CIPHER" -> {
                return ConnectionTls::cipher;
            }
            case "TLS_SESSION_ID" -> {
                return TlsFact::sessionId;
            }
            default -> {}
        }
        if (what.startsWith("PEER_")) {
            CertificateFact fact = ofPeer(what.substring("PEER_".length()));
            return fact == null ? null : tls -> tls.peer(fact);
        }
        CertificateFact fact = what.startsWith("LOCAL_") ? ofEither(what.substring("LOCAL_".length())) : null;
        return fact == null ? null : tls -> tls.own(fact);
    }

    private static @Nullable CertificateFact ofPeer(String what) {
        return switch (what) {
            case "ISSUER" -> CertificateFact.ISSUER;
            case "SERIAL" -> CertificateFact.SERIAL;
            case "FINGERPRINT_256" -> CertificateFact.FINGERPRINT_256;
            case "FINGERPRINT_1" -> CertificateFact.FINGERPRINT_1;
            case "CERT" -> CertificateFact.CERT;
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
