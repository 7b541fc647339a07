package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.SourceRef;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How TLS of a client ends here.
 *
 * @param clientCertificate whether one is asked for
 * @param certificates of this server, at most two; the name that the client asks for chooses, then its abilities
 * @param ca who signs clients' certificates; null where none is asked for
 * @param checks of a client's certificate
 * @param admitsUnverified whether a client whose certificate fails is let in all the same (insecureSkipVerify)
 * @param versions of TLS
 * @param cipherSuites OpenSSL's names of those for TLS up to 1.2, best first; empty: the defaults
 * @param alpn protocols in the order of preference; empty: none is negotiated
 * @param at where it is written
 */
public record ServerTlsPlan(
        ClientCertificate clientCertificate,
        List<CredentialPlan> certificates,
        @Nullable CaPlan ca,
        PeerChecksPlan checks,
        boolean admitsUnverified,
        TlsVersions versions,
        List<String> cipherSuites,
        List<String> alpn,
        SourceRef at) {
    public ServerTlsPlan {
        certificates = List.copyOf(certificates);
        cipherSuites = List.copyOf(cipherSuites);
        alpn = List.copyOf(alpn);
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ServerTlsPlan plan
                        && clientCertificate == plan.clientCertificate
                        && admitsUnverified == plan.admitsUnverified
                        && certificates.equals(plan.certificates)
                        && Objects.equals(ca, plan.ca)
                        && checks.equals(plan.checks)
                        && versions.equals(plan.versions)
                        && cipherSuites.equals(plan.cipherSuites)
                        && alpn.equals(plan.alpn));
    }

    @Override
    public int hashCode() {
        int hash = 31 * certificates.hashCode() + Objects.hashCode(ca);
        hash = 31 * (31 * hash + checks.hashCode()) + versions.hashCode();
        hash = 31 * (31 * hash + cipherSuites.hashCode()) + alpn.hashCode();
        return 31 * (31 * hash + clientCertificate.hashCode()) + (admitsUnverified ? 1 : 0);
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
