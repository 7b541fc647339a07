package dev.sluice.proxy.e2e.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.UnixServer;
import dev.sluice.proxy.e2e.fixture.Wire;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to the app beside an intercepting proxy: its limits, and an app that listens on a Unix domain socket. */
class InboundIT {
    private static final int INBOUND = 15_006;
    private static final ProxyIdentity CART =
            ProxyIdentity.of("default").withLabels(Map.of("app", "cart")).withIntercept(true);

    @TempDir
    private Path folder;

    private TestUpstream app;

    @BeforeEach
    void start() throws IOException {
        app = new TestUpstream("cart");
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private String yaml(String sidecar) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: cart}
                spec:
                  selector: {app: cart}
                  ports: [{port: 80, targetPort: %1$d, name: http}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: cart}
                spec:
                  host: cart
                  trafficPolicy: {connectionPool: {http: {http2MaxRequests: 1}}}
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  egress: [{hosts: ["*/*"]}]
                  %2$s
                """
                .formatted(app.port(), sidecar);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private int statusOf(TestProxy proxy) throws IOException {
        try (Socket client = proxy.redirected(INBOUND, "127.0.0.1", app.port())) {
            send(client, "GET /x HTTP/1.1\r\nHost: cart\r\n\r\n");
            return Integer.parseInt(Wire.head(client.getInputStream()).substring(9, 12));
        }
    }

    /** Whether a second request is refused while a first one is in flight. */
    private boolean isLimitedToOne(TestProxy proxy) throws IOException {
        try (Socket first = proxy.redirected(INBOUND, "127.0.0.1", app.port())) {
            send(first, "POST /slow HTTP/1.1\r\nHost: cart\r\nContent-Length: 10\r\n\r\n12345");
            Awaitility.await().until(() -> proxy.proxy().clusters().clusters().stream()
                    .anyMatch(cluster -> cluster.requests().used() == 1));
            int second = statusOf(proxy);
            send(first, "67890");
            assertEquals("200", Wire.head(first.getInputStream()).substring(9, 12));
            return second == 503;
        }
    }

    @Test
    void theAppsOwnDestinationRuleLimitsWhatIsSentToIt() throws Exception {
        try (TestProxy proxy = TestProxy.start(yaml(""), CART)) {
            assertEquals(true, isLimitedToOne(proxy));
            proxy.reload(yaml("inboundConnectionPool: {http: {http2MaxRequests: 5}}"));
            assertEquals(false, isLimitedToOne(proxy), "the Sidecar's own settings come first");
        }
    }

    /** The service's target port is nobody's: where the settings hold, the port is the one that the WorkloadEntry says. */
    @Test
    void thePortsOfTheWorkloadEntryAreTheAppsOwn() throws Exception {
        String entry =
                """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: cart-vm}
                spec: {address: 10.0.0.1, labels: {app: cart}, ports: {http: %d}}
                ---
                """
                        .formatted(app.port());
        String elsewhere = yaml("").replace("targetPort: " + app.port(), "targetPort: 9999");
        try (TestProxy proxy = TestProxy.start(entry + elsewhere, CART)) {
            assertEquals(true, isLimitedToOne(proxy));
            proxy.reload(elsewhere);
            assertEquals(false, isLimitedToOne(proxy), "nobody declares the app's port");
        }
    }

    @Test
    void anAppOnASocketIsReachedByThePortThatWasDialled() throws Exception {
        Path socket = folder.resolve("app.sock");
        String ingress = "ingress: [{port: {number: 8080, name: http, protocol: HTTP}, defaultEndpoint: \"unix://"
                + socket + "\"}]";
        UnixServer server = UnixServer.http(socket, "unix");
        try (server;
                TestProxy proxy = TestProxy.start(yaml(ingress), CART);
                Socket client = proxy.redirected(INBOUND, "127.0.0.1", 8080)) {
            send(client, "GET /x HTTP/1.1\r\nHost: cart\r\n\r\n");
            String head = Wire.head(client.getInputStream());
            assertEquals("unix /x cart ", Wire.body(client.getInputStream(), head, true));
        }
    }
}
