package dev.sluice.proxy.e2e.tls;

/** A gateway with one HTTPS server on port 8443, {@code web.example}, in front of one app. */
final class TlsShop {
    private static final String APP =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: app}
            spec:
              hosts: [app.example]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1, ports: {http: PORT}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: app}
            spec:
              hosts: [web.example, "*.wild.example", other.example]
              gateways: [gw]
              http: [{route: [{destination: {host: app.example}}]}]
            ---
            """;
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8443, name: https, protocol: HTTPS}
                hosts: [web.example]
                tls: TLS
            """;

    private TlsShop() {}

    /** @param tls of the server, in flow style */
    static String yaml(int port, String tls) {
        return behind(port, GATEWAY.replace("TLS\n", tls + "\n"));
    }

    /** The app behind another {@code gateway}, a document, of the name gw. */
    static String behind(int port, String gateway) {
        return APP.replace("PORT", Integer.toString(port)) + gateway;
    }
}
