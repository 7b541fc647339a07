package dev.sluice.config.plan.chain;

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
 */
public record ClientTlsPlan(
        @Nullable CredentialPlan certificate,
        @Nullable CaPlan ca,
        @Nullable String serverName,
        PeerChecksPlan checks,
        boolean verifyRequestHost,
        boolean mesh) {}
