package dev.sluice.proxy.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A peer's certificate does not pass. The message says which check failed and for what name. */
final class PeerRefused extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final TlsFailure failure;

    /** @param cause the JDK tells the peer by an alert what it finds here */
    PeerRefused(TlsFailure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    TlsFailure failure() {
        return failure;
    }
}
