package dev.sluice.proxy.e2e;

/** Configuration of a gateway that sends everything to one upstream, unless {@code rules} say otherwise. */
final class RawGateway {
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: raw}
            spec:
              hosts: [raw.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: PROTOCOL}]
              endpoints: [{address: ADDRESS, ports: {http: PORT}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: raw}
            spec:
              hosts: ["*"]
              gateways: [gw]
              http:
            """;

    static final String ALL =
            """
              - route: [{destination: {host: raw.example.com}}]
                retries: {attempts: 0}
            """;

    private RawGateway() {}

    static TestProxy start(int port) throws Exception {
        return TestProxy.start(yaml("127.0.0.1", port, "HTTP", ALL));
    }

    static TestProxy start(int port, String rules) throws Exception {
        return TestProxy.start(yaml("127.0.0.1", port, "HTTP", rules));
    }

    static String yaml(String address, int port, String protocol, String rules) {
        return YAML.replace("ADDRESS", address)
                        .replace("PORT", Integer.toString(port))
                        .replace("PROTOCOL", protocol)
                + rules;
    }
}
