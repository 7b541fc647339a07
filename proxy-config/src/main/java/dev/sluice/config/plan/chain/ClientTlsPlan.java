package dev.sluice.config.plan.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an upstream.
 *
 * @param certificate what this proxy shows; null for nothing
 * @param ca who signs the upstream's certificate; null where nothing is checked (insecureSkipVerify)
 * @param serverName sent as SNI; null: the host that the request asks for, and none for an IP address
 * @param checks of the upstream's certificate
 * @param verifyRequestHost whether, with no subjectAltNames to hold it against, the certificate must be for the host that
 *     is sent as SNI (or, for an IP address, for that)
 * @param alpn protocols in the order of preference; empty: none is negotiated
 */
public record ClientTlsPlan(
        @Nullable CredentialPlan certificate,
        @Nullable CaPlan ca,
        @Nullable String serverName,
        PeerChecksPlan checks,
        boolean verifyRequestHost,
        List<String> alpn) {
    public ClientTlsPlan {
        alpn = List.copyOf(alpn);
    }
}
