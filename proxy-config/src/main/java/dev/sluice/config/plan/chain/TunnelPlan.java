package dev.sluice.config.plan.chain;

/**
 * Bytes inside a request to the upstream, which is a proxy (spec/istio-fields.md §2.8).
 *
 * @param method of the request
 * @param host that the proxy is to connect to: a name or an IP literal
 * @param port of that host
 */
public record TunnelPlan(Method method, String host, int port) {
    /** How the request asks for a tunnel. */
    public enum Method {
        /** RFC 9110, section 9.3.6: after a 2xx the connection is the tunnel. */
        CONNECT,
        /** The bytes are the bodies of a POST and of its response. */
        POST
    }

    /** {@code host:port}, with brackets around IPv6. */
    public String authority() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
