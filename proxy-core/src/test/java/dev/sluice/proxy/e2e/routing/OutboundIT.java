package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The explicit outbound listener: known services by the mesh's rules, unknown hosts by outboundTrafficPolicy. */
class OutboundIT {
    private static final String SERVICE =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: ratings}
            spec:
              hosts: [ratings.default.svc.cluster.local]
              resolution: DNS
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: localhost, ports: {http: PORT}}]
            """;

    @Test
    void aServiceIsReachedByItsShortNameThroughDns() throws Exception {
        try (TestUpstream upstream = new TestUpstream("ratings");
                TestProxy proxy = start(SERVICE.replace("PORT", Integer.toString(upstream.port())))) {
            assertEquals("HTTP/1.1 200 OK", statusOf(proxy, "ratings"));
            assertEquals("ratings", upstream.seen().get(0).header("Host"));
        }
    }

    @Test
    void anUnknownHostIsPassedThrough() throws Exception {
        try (TestUpstream upstream = new TestUpstream("other");
                TestProxy proxy = start(SERVICE.replace("PORT", "1"))) {
            assertEquals("HTTP/1.1 200 OK", statusOf(proxy, "127.0.0.1:" + upstream.port()));
        }
    }

    @Test
    void aRedirectToTheRequestsPortNamesTheServicesPortAndNotTheProxys() throws Exception {
        String rule =
                """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: ratings}
                spec:
                  hosts: [ratings]
                  http:
                  - redirect: {uri: /new, derivePort: FROM_REQUEST_PORT}
                """;
        try (TestProxy proxy = start(SERVICE.replace("PORT", "1") + rule)) {
            assertEquals("location: http://ratings:9080/new", lineOf(proxy, "ratings", "location:"));
        }
    }

    @Test
    void addressesOfTheCloudAndOfTheProxyItselfAreRefused() throws Exception {
        try (TestProxy proxy = start(SERVICE.replace("PORT", "1"))) {
            assertTrue(statusOf(proxy, "169.254.169.254").startsWith("HTTP/1.1 403"));
            InetSocketAddress own = proxy.address(15_001);
            String self = own.getAddress().getHostAddress() + ":" + own.getPort();
            assertTrue(statusOf(proxy, self).startsWith("HTTP/1.1 403"));
        }
    }

    private static TestProxy start(String yaml) throws Exception {
        return TestProxy.start(yaml, ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15_001)));
    }

    /** First line of the answer to a GET with that Host, by a client that sends just these bytes. */
    private static String statusOf(TestProxy proxy, String host) throws IOException {
        return lineOf(proxy, host, "HTTP/");
    }

    /** The line of that answer's head that begins with {@code start}; empty where none does. */
    private static String lineOf(TestProxy proxy, String host, String start) throws IOException {
        InetSocketAddress address = proxy.address(15_001);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElse("");
        }
    }
}
