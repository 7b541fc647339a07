package dev.sluice.config.plan;

/**
 * Who stands in front of a gateway, and what is believed of them: gatewayTopology of the mesh's default proxy configuration.
 * It holds for the listeners of Gateways alone.
 *
 * @param trustedProxies numTrustedProxies: hops of {@code x-forwarded-for} that are believed
 * @param clientCertificate forwardClientCertDetails: what becomes of {@code x-forwarded-client-cert}
 * @param proxyProtocol each connection opens with a header of the PROXY protocol, which says whose it is
 */
public record TopologyPlan(int trustedProxies, ClientCertificate clientCertificate, boolean proxyProtocol) {
    /** Clients come by themselves. */
    public static final TopologyPlan DEFAULTS = new TopologyPlan(0, ClientCertificate.SANITIZE_SET, false);

    /**
     * What becomes of {@code x-forwarded-client-cert}, as Envoy defines it. A client with a certificate is one that showed it
     * in the handshake of TLS that ends here.
     */
    public enum ClientCertificate {
        /** Taken off. */
        SANITIZE,
        /** What a client with a certificate says goes on as it is; of others it is taken off. */
        FORWARD_ONLY,
        /** The certificate is told behind what its client says; of clients without one all is taken off. */
        APPEND_FORWARD,
        /** The certificate is told in place of what its client says; of clients without one all is taken off. */
        SANITIZE_SET,
        /** Whatever any client says goes on as it is. */
        ALWAYS_FORWARD_ONLY
    }
}
