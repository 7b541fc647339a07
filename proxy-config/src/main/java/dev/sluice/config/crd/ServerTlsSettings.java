package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS towards clients (spec §3.2). */
public record ServerTlsSettings(
        MapNode at,
        @Nullable Boolean httpsRedirect,
        @Nullable Mode mode,
        @Nullable String serverCertificate,
        @Nullable String privateKey,
        @Nullable String caCertificates,
        @Nullable String caCrl,
        @Nullable String credentialName,
        List<String> credentialNames,
        @Nullable String caCertCredentialName,
        List<TlsCertificate> tlsCertificates,
        List<String> subjectAltNames,
        List<String> verifyCertificateSpki,
        List<String> verifyCertificateHash,
        @Nullable TlsProtocol minProtocolVersion,
        @Nullable TlsProtocol maxProtocolVersion,
        List<String> cipherSuites,
        @Nullable Boolean insecureSkipVerify) {
    static Rules rules() {
        return new Rules()
                .oneOf("credentialName", "credentialNames")
                .oneOf("credentialName", "tlsCertificates")
                .oneOf("credentialNames", "tlsCertificates")
                .size("credentialNames", 1, 2)
                .size("tlsCertificates", 1, 2);
    }

    /** Unset is PASSTHROUGH. */
    public enum Mode {
        PASSTHROUGH,
        SIMPLE,
        MUTUAL,
        AUTO_PASSTHROUGH,
        ISTIO_MUTUAL,
        OPTIONAL_MUTUAL
    }

    /** A version of TLS. */
    public enum TlsProtocol {
        TLS_AUTO,
        TLSV1_0,
        TLSV1_1,
        TLSV1_2,
        TLSV1_3
    }

    /** Files of one certificate. */
    public record TlsCertificate(
            MapNode at,
            @Nullable String serverCertificate,
            @Nullable String privateKey,
            @Nullable String caCertificates) {}
}
