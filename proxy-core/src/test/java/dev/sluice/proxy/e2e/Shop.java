package dev.sluice.proxy.e2e;

/** One gateway on port 8080, one route for everything, one upstream. */
final class Shop {
    private Shop() {}

    /** In front of an HTTP/1.1 upstream. */
    static String yaml(int port) {
        return yaml(port, "HTTP");
    }

    static String yaml(int port, String protocol) {
        return yaml(port, protocol, "");
    }

    /** @param rule further keys of the route, in flow style: {@code timeout: 1s,} */
    static String yaml(int port, String protocol, String rule) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP2}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: web, protocol: KIND}]
                  endpoints: [{address: 127.0.0.1, ports: {web: PORT}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http:
                  - {RULE route: [{destination: {host: shop.example.com}}]}
                """
                .replace("RULE", rule)
                .replace("PORT", Integer.toString(port))
                .replace("KIND", protocol);
    }
}
