package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SLC0301 of a tunnel by a port that is declared as HTTP/2: it is asked for in HTTP/1.1. */
class TunnelNoticeTest {
    private static List<String> told(String protocol) {
        return PlanCompiler.compile(
                        Configs.of(
                                """
                                apiVersion: networking.istio.io/v1
                                kind: Gateway
                                metadata: {name: gw}
                                spec:
                                  servers:
                                  - {port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}
                                """,
                                """
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: db}
                                spec:
                                  hosts: ["*"]
                                  gateways: [gw]
                                  tcp: [{route: [{destination: {host: proxy.test}}]}]
                                """,
                                """
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: proxy}
                                spec:
                                  host: proxy.test
                                  trafficPolicy: {tunnel: {targetHost: db.test, targetPort: 3306}}
                                """,
                                """
                                apiVersion: networking.istio.io/v1
                                kind: ServiceEntry
                                metadata: {name: proxy}
                                spec:
                                  hosts: [proxy.test]
                                  resolution: STATIC
                                  ports: [{number: 3128, name: connect, protocol: KIND}]
                                  endpoints: [{address: 10.0.0.1}]
                                """
                                        .replace("KIND", protocol)),
                        ProxyIdentity.of("default"))
                .notices()
                .stream()
                .map(Finding::message)
                .toList();
    }

    @Test
    void aPortOfHttp2IsTold() {
        assertEquals(
                List.of("tunnels are asked for in HTTP/1.1, and port 3128 of proxy.test is declared as HTTP/2"),
                told("HTTP2"));
    }

    @Test
    void aPortOfHttp1IsAsked() {
        assertEquals(List.of(), told("HTTP"));
    }
}
