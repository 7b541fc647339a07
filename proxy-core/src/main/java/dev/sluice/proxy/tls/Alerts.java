package dev.sluice.proxy.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertificateException;

/** Makes of a refusal the exception of which a provider makes the alert (RFC 8446, section 6.2). */
interface Alerts {
    CertificateException of(PeerRefused refused);

    /** The JDK reads it off the cause: certificate_expired and certificate_revoked, else certificate_unknown. */
    Alerts JDK = refused -> refused;

    /** The alerts of {@code provider}. */
    static Alerts of(TlsProvider provider) {
        return provider == TlsProvider.BORINGSSL ? new BoringSsl() : JDK;
    }

    /** BoringSSL is told by OpenSSL's number of the error. */
    final class BoringSsl implements Alerts {
        @Override
        public CertificateException of(PeerRefused refused) {
            int error =
                    switch (refused.failure()) {
                        case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
                        case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
                        case REVOKED -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
                        case UNKNOWN_CA -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
                        default -> CertificateVerifier.X509_V_ERR_CERT_REJECTED;
                    };
            return new OpenSslCertificateException(String.valueOf(refused.getMessage()), refused, error);
        }
    }
}
