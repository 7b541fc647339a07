package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;

/** YAML of one gateway with one route for everything and one service. */
final class OneRoute {
    private OneRoute() {}

    /** @param rule further keys of the route, in flow style: {@code timeout: 1s,} */
    static String yaml(String rule) {
        return yaml(rule, 1);
    }

    /** Who has an outbound listener. */
    static final ProxyIdentity WITH_OUTBOUND =
            ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15_001));

    /** The same route and service for the app behind {@code --outbound}: of {@link #WITH_OUTBOUND}. */
    static String ofMesh(String rule) {
        String yaml = yaml(rule);
        return yaml.substring(yaml.indexOf("---") + 4)
                .replace("  gateways: [gw]\n", "")
                .replace("hosts: [\"*\"]", "hosts: [shop.example.com]");
    }

    /** A DestinationRule of the service; {@code policy} is its trafficPolicy, in flow style without the braces. */
    static String rule(String policy) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec: {host: shop.example.com, trafficPolicy: {POLICY}}
                """
                .replace("POLICY", policy);
    }

    /** In front of {@code endpoints} endpoints, {@code 10.1.0.1:80} and on. */
    static String yaml(String rule, int endpoints) {
        StringBuilder members = new StringBuilder();
        for (int i = 1; i <= endpoints; i++) {
            members.append("  - {address: 10.1.0.").append(i).append("}\n");
        }
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
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http:
                  - {RULE route: [{destination: {host: shop.example.com}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: web, protocol: HTTP2}]
                  endpoints:
                """
                        .replace("RULE", rule)
                + members;
    }
}
