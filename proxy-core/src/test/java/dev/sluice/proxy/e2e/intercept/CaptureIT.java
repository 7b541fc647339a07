package dev.sluice.proxy.e2e.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that were redirected to the proxy; what the kernel says of them is played, see SidecarIT for the real. */
class CaptureIT {
    private static final int OUTBOUND = 15001;
    private static final int INBOUND = 15006;

    private TestUpstream v1;
    private TestUpstream v2;
    private SocketServer greeting;
    private SocketServer echoing;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        v1 = new TestUpstream("v1");
        v2 = new TestUpstream("v2");
        greeting = new SocketServer(client -> {
            client.getOutputStream().write("220 hello\n".getBytes(StandardCharsets.US_ASCII));
            String line = line(client);
            client.getOutputStream().write(("250 " + line + "\n").getBytes(StandardCharsets.US_ASCII));
        });
        echoing = new SocketServer(client -> client.getInputStream().transferTo(client.getOutputStream()));
        proxy = TestProxy.start(yaml("ALLOW_ANY"), ProxyIdentity.of("default").withIntercept(true));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        v1.close();
        v2.close();
        greeting.close();
        echoing.close();
    }

    private String yaml(String policy) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  addresses: [10.96.0.10]
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  resolution: STATIC
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: %1$d}, labels: {version: v1}}
                  - {address: 127.0.0.1, ports: {http: %2$d}, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - route:
                    - {destination: {host: reviews, subset: v1}, weight: 90}
                    - {destination: {host: reviews, subset: v2}, weight: 10}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mail}
                spec:
                  hosts: [mail.example]
                  addresses: [10.96.0.20, 10.97.0.0/16]
                  ports: [{number: 9080, name: any}, {number: 2525, name: tcp, protocol: TCP}]
                  resolution: STATIC
                  endpoints: [{address: 127.0.0.1, ports: {any: %3$d, tcp: %3$d}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: bank}
                spec:
                  hosts: [bank.example, "*.shop.example"]
                  ports: [{number: 443, name: tls, protocol: TLS}]
                  resolution: STATIC
                  endpoints: [{address: 127.0.0.1, ports: {tls: %3$d}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: dialled}
                spec:
                  hosts: [dialled.example]
                  addresses: [127.0.0.1]
                  ports: [{number: 7777, name: http, protocol: HTTP, targetPort: %1$d}]
                  resolution: NONE
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  outboundTrafficPolicy: {mode: %4$s}
                  ingress:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    defaultEndpoint: 127.0.0.1:%2$d
                """
                .formatted(v1.port(), v2.port(), greeting.port(), policy);
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Without an answer: in order, or with a reset where what was sent has not been read. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** The last line of the answer to a GET on a connection of its own. */
    private static String get(Socket socket, String host) throws IOException {
        try (socket) {
            String request = "GET /x HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> lines = answer.lines().toList();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        }
    }

    private String upstreamOf(String host, String dialled, int port) throws IOException {
        return get(proxy.redirected(OUTBOUND, dialled, port), host).replaceAll(" .*", "");
    }

    @Test
    void anAppThatKnowsNothingIsSplitBySubset() throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            counts.merge(upstreamOf("reviews", "10.96.0.10", 9080), 1, Integer::sum);
        }
        // Further than 52 from 60 is seen once in ten billion runs.
        int second = counts.getOrDefault("v2", 0);
        assertTrue(Math.abs(second - 60) <= 52, counts.toString());
        assertEquals(600, counts.get("v1") + second);
    }

    @Test
    void requestsOfOnePortAreRoutedByHostWhateverAddressWasDialled() throws IOException {
        String some = upstreamOf("reviews.default.svc.cluster.local", "192.0.2.1", 9080);
        assertTrue(some.startsWith("v"), some);
    }

    @Test
    void aHostThatNobodyKnowsIsReachedWhereTheAppDialledIt() throws IOException {
        assertEquals("v2", upstreamOf("nobody.example", "127.0.0.1", v2.port()));
    }

    @Test
    void resolutionNoneGoesToTheDialledHostOnTheTargetPort() throws IOException {
        assertEquals("v1", upstreamOf("dialled.example", "127.0.0.1", 7777));
    }

    /** Nobody listens at the other endpoint, and no try is made again: were one chosen, half of these would fail. */
    @Test
    void whoDialsAnEndpointOfAHeadlessServiceGetsThatOne() throws IOException {
        proxy.reload(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec: {clusterIP: None, ports: [{name: http, port: 8888}, {name: tcp, port: 9092}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: db-abc, labels: {kubernetes.io/service-name: db}}
                addressType: IPv4
                ports: [{name: http, port: %1$d}, {name: tcp, port: %2$d}]
                endpoints: [{addresses: [127.0.0.9]}, {addresses: [127.0.0.1]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: db}
                spec: {hosts: [db], http: [{retries: {attempts: 0}, route: [{destination: {host: db}}]}]}
                """
                        .formatted(v1.port(), greeting.port()));
        for (int i = 0; i < 20; i++) {
            assertEquals("v1", upstreamOf(i % 2 == 0 ? "db" : "db-1.db", "127.0.0.1", 8888));
            try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", 9092)) {
                assertEquals("220 hello", line(client));
            }
        }
    }

    @Test
    void aServerThatSpeaksFirstSurvivesOnAPortThatNobodyDeclared() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.20", 9080)) {
            assertEquals("220 hello", line(client));
            client.getOutputStream().write("EHLO me\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("250 EHLO me", line(client));
        }
    }

    /** Capitals may begin a request, until their client ends. */
    @ParameterizedTest
    @ValueSource(strings = {"", "STATUS", "GET /x", "status"})
    void theEndOfWhatAClientSendsReachesAServerOnAPortThatNobodyDeclared(String sent) throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.20", 9080)) {
            client.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertEquals("220 hello", line(client));
            assertEquals("250 " + sent, line(client));
            assertTrue(isClosed(client));
        }
    }

    @Test
    void aRangeOfAddressesIsItsServices() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.97.200.3", 2525)) {
            assertEquals("220 hello", line(client));
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        assertEquals(
                "mail.example:2525",
                proxy.streams().get(0).destination().cluster().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "bank.example, bank.example:443",
        "eu.a.shop.example, *.shop.example:443",
        "elsewhere.example, passthrough|:0"
    })
    void tlsWithoutAnAddressOfItsOwnGoesByName(String name, String cluster) throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", 443);
                SSLSocket secure = (SSLSocket)
                        ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(client, name, 443, true)) {
            // Who greets speaks no TLS, and at the dialled address nobody listens.
            assertThrows(IOException.class, secure::startHandshake);
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        assertEquals(cluster, proxy.streams().get(0).destination().cluster().toString());
    }

    @Test
    void bytesToAnUnknownAddressGoThere() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", echoing.port())) {
            client.getOutputStream().write("bytes\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("bytes", line(client));
        }
    }

    @Test
    void whatIsNoHttpOnAPortOfHttpGoesWhereItWasGoing() throws IOException {
        // The port is declared by a ServiceEntry that no one of these bytes is for.
        proxy.reload(
                yaml("ALLOW_ANY").replace("number: 9080, name: http", "number: " + echoing.port() + ", name: http"));
        try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", echoing.port())) {
            byte[] hello = {22, 3, 1, 0, 5, 1, 0, 0, 1, 0, '\n'};
            client.getOutputStream().write(hello);
            assertEquals(22, client.getInputStream().read());
        }
    }

    @Test
    void withRegistryOnlyUnknownBytesAreClosedAndUnknownHostsAnswered502() throws IOException {
        proxy.reload(yaml("REGISTRY_ONLY"));
        try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", echoing.port())) {
            assertEquals(-1, client.getInputStream().read());
        }
        try (Socket client = proxy.redirected(OUTBOUND, "127.0.0.1", 9080)) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: nobody.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("HTTP/1.1 502 Bad Gateway\r", line(client));
        }
        assertEquals(0, echoing.accepted());
    }

    @Test
    void aConnectionThatWasNotRedirectedIsClosed() throws IOException {
        int port = proxy.address(OUTBOUND).getPort();
        try (Socket direct = new Socket(proxy.address(OUTBOUND).getAddress(), port)) {
            assertEquals(-1, direct.getInputStream().read());
        }
        String own = proxy.address(INBOUND).getAddress().getHostAddress();
        try (Socket loop =
                proxy.redirected(OUTBOUND, own, proxy.address(INBOUND).getPort())) {
            assertEquals(-1, loop.getInputStream().read());
        }
    }

    @Test
    void theMetadataAddressIsRefused() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "169.254.169.254", 80)) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(isClosed(client));
        }
    }

    @Test
    void anIngressListenerSendsItsPortToItsEndpointAndOthersToTheDialledOne() throws IOException {
        assertEquals("v2 GET /x 0", get(proxy.redirected(INBOUND, "127.0.0.1", 8080), "app"));
        assertEquals("v1 GET /x 0", get(proxy.redirected(INBOUND, "127.0.0.1", v1.port()), "app"));
        try (Socket client = proxy.redirected(INBOUND, "127.0.0.1", greeting.port())) {
            assertEquals("220 hello", line(client));
        }
    }

    @Test
    void anIdleConnectionFollowsAReload() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.10", 9080)) {
            proxy.reload(yaml("ALLOW_ANY").replace("weight: 90", "weight: 0").replace("weight: 10", "weight: 1"));
            for (int i = 0; i < 5; i++) {
                client.getOutputStream()
                        .write("GET /x HTTP/1.1\r\nHost: reviews\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String upstream = "";
                for (String line = line(client); !line.equals("\r"); line = line(client)) {
                    String lower = line.toLowerCase(Locale.ROOT).strip();
                    upstream = lower.startsWith("x-upstream") ? lower : upstream;
                }
                assertEquals("x-upstream: v2", upstream);
                client.getInputStream().readNBytes("v2 GET /x 0".length());
            }
        }
    }
}
