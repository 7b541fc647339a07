package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.ClientHellos;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawClient.Answer;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.Wire;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services of resolution DYNAMIC_DNS: the host that a client asks for is looked up (spec/istio-fields.md §4). */
class DynamicDnsIT {
    private static final int OUTBOUND = 15_001;

    private TestUpstream upstream;
    private SocketServer bytes;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new TestUpstream("up");
        bytes = new SocketServer(client -> {
            int first = client.getInputStream().read();
            client.getOutputStream().write(("saw " + first).getBytes(StandardCharsets.US_ASCII));
        });
        proxy = TestProxy.start(
                yaml(""), ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", OUTBOUND)));
        proxy.resolves("a.example.com", "127.0.0.1");
        proxy.resolves("b.deep.example.com", "127.0.0.1");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        bytes.close();
        upstream.close();
    }

    private String yaml(String pool) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: wild}
                spec:
                  hosts: ["*.example.com"]
                  resolution: DYNAMIC_DNS
                  ports:
                  - {number: 80, name: http, protocol: HTTP, targetPort: %1$d}
                  - {number: 443, name: tls, protocol: TLS, targetPort: %2$d}
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
                  egress:
                  - port: {number: 443, name: tls, protocol: TLS}
                    captureMode: NONE
                    hosts: ["*/*"]
                  - hosts: ["*/*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: elsewhere}
                spec:
                  hosts: [elsewhere.org]
                  http:
                  - match: [{uri: {prefix: /rewritten}}]
                    rewrite: {authority: a.example.com}
                    route: [{destination: {host: "*.example.com", port: {number: 80}}}]
                  - route: [{destination: {host: "*.example.com", port: {number: 80}}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: wild}
                spec:
                  host: "*.example.com"
                  trafficPolicy: {connectionPool: {tcp: {connectTimeout: 10s}%3$s}}
                """
                .formatted(upstream.port(), bytes.port(), pool);
    }

    private Answer get(String host, String path) throws IOException {
        try (RawClient client = new RawClient(proxy.address(OUTBOUND))) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .answer();
        }
    }

    @Test
    void theHostOfARequestIsLookedUpAndReachedOnTheServicesPort() throws Exception {
        assertEquals("up GET /x 0", get("a.example.com:80", "/x").body());
        assertEquals("up GET /y 0", get("b.deep.example.com:80", "/y").body());
        assertEquals("up GET /z 0", get("A.Example.com:80", "/z").body());
        assertEquals("b.deep.example.com:80", upstream.seen().get(1).header("Host"));
    }

    @Test
    void aHostWithoutAddressIs503AndIsAskedForAgainSoon() throws Exception {
        Answer answer = get("nobody.example.com:80", "/x");
        assertEquals(503, answer.status());
        assertEquals("NO_HEALTHY_UPSTREAM", answer.header("x-sluice-code"));
        proxy.resolves("nobody.example.com", "127.0.0.1");
        Awaitility.await().until(() -> get("nobody.example.com:80", "/x").status() == 200);
    }

    @Test
    void theHostAfterARewriteCountsAndMustBeOneOfTheWildcards() throws Exception {
        assertEquals("up GET /rewritten 0", get("elsewhere.org", "/rewritten").body());
        Answer other = get("elsewhere.org", "/x");
        assertEquals(503, other.status());
        assertEquals(1, upstream.seen().size(), "whoever routes elsewhere must not choose what is looked up");
    }

    @Test
    void addressesOfTheCloudAndOfTheProxyAreNobodys() throws Exception {
        proxy.resolves("meta.example.com", "169.254.169.254");
        assertEquals(403, get("meta.example.com:80", "/latest").status());
        proxy.resolves("meta6.example.com", "fd00:ec2::254");
        assertEquals(403, get("meta6.example.com:80", "/latest").status());
        String own = proxy.address(OUTBOUND).getAddress().getHostAddress();
        proxy.resolves("self.example.com", own);
        proxy.reload(yaml("").replace(
                        "targetPort: " + upstream.port(),
                        "targetPort: " + proxy.address(OUTBOUND).getPort()));
        assertEquals(403, get("self.example.com:80", "/x").status());
    }

    @Test
    void theAddressFollowsDns() throws Exception {
        assertEquals(200, get("a.example.com:80", "/x").status());
        try (TestUpstream other = new TestUpstream("other")) {
            // The same address with another port stands for another address: loopback has but one that can be bound
            // anywhere.
            proxy.reload(yaml("").replace("targetPort: " + upstream.port(), "targetPort: " + other.port()));
            assertEquals("other GET /x 0", get("a.example.com:80", "/x").body());
        }
        proxy.reload(yaml(""));
        proxy.resolves("a.example.com", "169.254.1.1", "127.0.0.1");
        assertEquals("up GET /x 0", get("a.example.com:80", "/x").body());
    }

    @Test
    void limitsAreThoseOfTheWholeService() throws Exception {
        proxy.reload(yaml(", http: {http2MaxRequests: 1}"));
        try (RawClient first = new RawClient(proxy.address(OUTBOUND))) {
            // Its body is not complete, so it stays in flight.
            first.send("POST /slow HTTP/1.1\r\nHost: a.example.com:80\r\nContent-Length: 10\r\n\r\n12345");
            Awaitility.await().until(() -> get("b.deep.example.com:80", "/x").status() == 503);
            assertEquals("BREAKER_OPEN", get("b.deep.example.com:80", "/x").header("x-sluice-code"));
            assertEquals("up POST /slow 10", first.send("67890").answer().body());
        }
    }

    @Test
    void theServerNameOfTlsIsLookedUp() throws Exception {
        try (Socket client = Streams.connect(proxy.address(443))) {
            client.getOutputStream().write(ClientHellos.named("a.example.com"));
            assertEquals("saw 22", Streams.readAll(client));
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        assertEquals("a.example.com", proxy.streams().get(0).downstream().serverName());
        try (Socket client = Streams.connect(proxy.address(443))) {
            client.getOutputStream().write(ClientHellos.named("nobody.example.com"));
            assertTrue(isClosed(client));
        }
    }

    @Test
    void redirectedConnectionsGoByHostAndByServerNameWhateverWasDialled() throws Exception {
        String captured =
                yaml("").replaceAll("(?s)  egress:\n.*?captureMode: NONE\n.*?\n  - hosts", "  egress:\n  - hosts");
        try (TestProxy intercepting =
                TestProxy.start(captured, ProxyIdentity.of("default").withIntercept(true))) {
            intercepting.resolves("a.example.com", "127.0.0.1");
            try (Socket client = intercepting.redirected(OUTBOUND, "192.0.2.1", 80)) {
                client.getOutputStream()
                        .write("GET /x HTTP/1.1\r\nHost: a.example.com\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String head = Wire.head(client.getInputStream());
                assertEquals("up GET /x 0", Wire.body(client.getInputStream(), head, true));
            }
            try (Socket client = intercepting.redirected(OUTBOUND, "192.0.2.1", 443)) {
                client.getOutputStream().write(ClientHellos.named("a.example.com"));
                assertEquals("saw 22", Streams.readAll(client));
            }
        }
    }

    private static boolean isClosed(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void aGatewaysClientsCannotNameThisHostsLoopback() throws Exception {
        proxy.reload(
                yaml("")
                        + """
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: ["*.example.com"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: wild}
                spec:
                  hosts: ["*.example.com"]
                  gateways: [gw]
                  http: [{route: [{destination: {host: "*.example.com", port: {number: 80}}}]}]
                """);
        proxy.resolves("loop.example.com", "127.0.0.1");
        try (RawClient client = new RawClient(proxy.address(8080))) {
            Answer answer = client.send("GET /x HTTP/1.1\r\nHost: loop.example.com\r\n\r\n")
                    .answer();
            assertEquals(403, answer.status());
            assertEquals("REFUSED_ADDRESS", answer.header("x-sluice-code"));
        }
        assertEquals(0, upstream.seen().size());
    }
}
