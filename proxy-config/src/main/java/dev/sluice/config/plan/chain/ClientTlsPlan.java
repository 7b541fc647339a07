package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.SourceRef;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an upstream.
 *
 * @param certificate what this proxy shows; null for nothing
 * @param ca who signs the upstream's certificate; null where nothing is checked (insecureSkipVerify)
 * @param serverName sent as SNI; null: the host that the request asks for, and none for an IP address
 * @param checks of the upstream's certificate
 * @param verifyRequestHost whether the certificate must be for {@code serverName}, or where that is null for the host that
 *     the request asks for, an IP address too
 * @param mesh whether ALPN tells the server that this is Istio's mutual TLS ({@code istio})
 * @param at where it is written
 */
public record ClientTlsPlan(
        @Nullable CredentialPlan certificate,
        @Nullable CaPlan ca,
        @Nullable String serverName,
        PeerChecksPlan checks,
        boolean verifyRequestHost,
        boolean mesh,
        SourceRef at) {
    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ClientTlsPlan plan
                        && verifyRequestHost == plan.verifyRequestHost
                        && mesh == plan.mesh
                        && Objects.equals(certificate, plan.certificate)
                        && Objects.equals(ca, plan.ca)
                        && Objects.equals(serverName, plan.serverName)
                        && checks.equals(plan.checks));
    }

    @Override
    public int hashCode() {
        int hash = 31 * Objects.hashCode(certificate) + Objects.hashCode(ca);
        hash = 31 * (31 * hash + Objects.hashCode(serverName)) + checks.hashCode();
        return 31 * hash + (verifyRequestHost ? 1 : 0) + (mesh ? 2 : 0);
    }
}
