package dev.sluice.config.plan;

import dev.sluice.config.plan.chain.ClientTlsPlan;
import org.jspecify.annotations.Nullable;

/**
 * How connections to the endpoints of a cluster open.
 *
 * @param tls how they are encrypted; null for cleartext
 * @param proxyProtocol how an endpoint is told who the client is, before all else; null where it is not told
 * @param asClient whether they come from the client's own address, where the system allows it (TPROXY)
 */
public record ConnectPlan(@Nullable ClientTlsPlan tls, @Nullable ProxyProtocol proxyProtocol, boolean asClient) {
    /** In cleartext, from this proxy's own address, and without a word of the client. */
    public static final ConnectPlan PLAIN = new ConnectPlan(null, null, false);

    /** From this proxy's own address. */
    public static ConnectPlan of(@Nullable ClientTlsPlan tls, @Nullable ProxyProtocol proxyProtocol) {
        return tls == null && proxyProtocol == null ? PLAIN : new ConnectPlan(tls, proxyProtocol, false);
    }

    /** The same from each client's own address. */
    public ConnectPlan fromClients() {
        return new ConnectPlan(tls, proxyProtocol, true);
    }

    /** The PROXY header that opens each connection and says who the client is. */
    public enum ProxyProtocol {
        /** A line of text. */
        V1,
        /** Binary. */
        V2
    }
}
