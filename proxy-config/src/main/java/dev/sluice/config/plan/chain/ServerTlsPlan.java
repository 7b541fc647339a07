package dev.sluice.config.plan.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS of a client ends here.
 *
 * @param clientCertificate whether one is asked for
 * @param certificates of this server, at most one for each kind of key; the client's abilities choose
 * @param ca who signs clients' certificates; null where none is asked for
 * @param checks of a client's certificate
 * @param admitsUnverified whether a client whose certificate fails is let in all the same (insecureSkipVerify)
 * @param versions of TLS
 * @param cipherSuites OpenSSL's names of those for TLS up to 1.2, best first; empty: the defaults
 * @param alpn protocols in the order of preference; empty: none is negotiated
 */
public record ServerTlsPlan(
        ClientCertificate clientCertificate,
        List<CredentialPlan> certificates,
        @Nullable CaPlan ca,
        PeerChecksPlan checks,
        boolean admitsUnverified,
        TlsVersions versions,
        List<String> cipherSuites,
        List<String> alpn) {
    public ServerTlsPlan {
        certificates = List.copyOf(certificates);
        cipherSuites = List.copyOf(cipherSuites);
        alpn = List.copyOf(alpn);
    }

    /** Whether a client shows a certificate. */
    public enum ClientCertificate {
        /** Not asked for. */
        NONE,
        /** Asked for; checked when there is one. */
        OPTIONAL,
        /** Must be there and good. */
        REQUIRED
    }
}
