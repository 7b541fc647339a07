package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.listener.ProxyProtocolLog;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway behind a load balancer that says by the PROXY protocol whose connections it brings. */
class TrustedBalancerIT {
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 1111 443\r\n";
    private static final byte[] BINARY = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "c0000207" + "c6336401" + "0457" + "01bb");
    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000");
    private static final String GET = "GET / HTTP/1.1\r\nHost: web.example\r\n\r\n";

    @TempDir
    Path certs;

    private TestUpstream app;
    private ServerSocket bytes;
    private TestProxy proxy;
    private Pki pki;

    @BeforeEach
    void start() throws Exception {
        app = new TestUpstream("app");
        bytes = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        bytes.setSoTimeout(30_000);
        pki = new Pki("authority");
        Pki.write(certs, "web", pki.issue("web.example"));
        proxy = TestProxy.start(yaml("{proxyProtocol: {}}"), new TlsRegistry(certs, TlsProvider::best));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        app.close();
        bytes.close();
    }

    private String yaml(String topology) {
        return """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                metadata: {name: mesh}
                spec: {meshConfig: {defaultConfig: {gatewayTopology: %s}}}
                ---
                """
                        .formatted(topology)
                + TlsShop.yaml(app.port(), "{mode: SIMPLE, credentialName: web}")
                + """
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: [web.example]
                ---
                """
                + Streams.yaml(
                                "[{destination: {host: bytes.example.com}}]",
                                "{proxyProtocol: {version: V1}}",
                                bytes.getLocalPort())
                        .replace("{name: gw}", "{name: tcp}")
                        .replace("[gw]", "[tcp]");
    }

    private String forwardedFor(int request) {
        return app.seen().get(request).header("x-forwarded-for");
    }

    private static Socket connect(InetSocketAddress to, byte[] header) throws Exception {
        Socket socket = Streams.connect(to);
        socket.getOutputStream().write(header);
        return socket;
    }

    @Test
    void requestsComeFromTheClientThatTheLineNames() throws Exception {
        try (RawClient client = new RawClient(proxy.address(8080))) {
            for (int i = 0; i < LINE.length(); i++) {
                client.send(LINE.substring(i, i + 1));
            }
            assertEquals(200, client.send(GET).answer().status());
            assertEquals(200, client.send(GET).answer().status());
        }
        try (RawClient client = new RawClient(proxy.address(8080))) {
            assertEquals(
                    200,
                    client.send(LINE + "PUT /x HTTP/1.1\r\nHost: web.example\r\nContent-Length: 2\r\n\r\nok")
                            .answer()
                            .status());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals("192.0.2.7", forwardedFor(i));
        }
    }

    @Test
    void tlsBeginsBehindTheHeader() throws Exception {
        Socket plain = connect(proxy.address(8443), BINARY);
        try (TlsClient client = TlsClient.over(pki.context(null), plain, "web.example")) {
            assertTrue(client.get("web.example", "/").startsWith("HTTP/1.1 200"));
        }
        assertEquals("192.0.2.7", forwardedFor(0));
    }

    @Test
    void bytesAreCarriedForTheClientAndAServerMaySpeakFirst() throws Exception {
        try (Socket client = connect(proxy.address(9000), BINARY);
                Socket upstream = bytes.accept()) {
            upstream.setSoTimeout(30_000);
            assertEquals(LINE, Streams.read(upstream, LINE.length()));
            Streams.send(upstream, "hello");
            assertEquals("hello", Streams.read(client, 5));
            Streams.send(client, "there");
            assertEquals("there", Streams.read(upstream, 5));
        }
        Awaitility.await().until(() -> proxy.streams().size() == 1);
        var connection = proxy.streams().get(0).downstream();
        assertEquals("192.0.2.7", connection.remoteHost());
        assertTrue(connection.directRemoteAddress().toString().startsWith("/127.0.0.1:"));
        assertEquals(5, proxy.streams().get(0).receivedBytes());
    }

    @Test
    void whoSpeaksForItselfIsItself() throws Exception {
        try (Socket probe = connect(proxy.address(8080), LOCAL)) {
            Streams.send(probe, GET);
            assertTrue(Streams.read(probe, 12).startsWith("HTTP/1.1 200"));
        }
        assertEquals("127.0.0.1", forwardedFor(0));
    }

    @Test
    void withoutHeaderAConnectionIsClosedCountedAndTold() throws Exception {
        try (LogLines log = LogLines.of(ProxyProtocolLog.class)) {
            for (int port : new int[] {8080, 8443, 9000}) {
                try (RawClient client = new RawClient(proxy.address(port))) {
                    assertEquals("", client.send(GET).rest());
                }
            }
            assertEquals(3, proxy.proxy().listeners().proxyProtocol().malformed());
            // Not one for each: anybody can cause them.
            String line = log.all().get(0);
            assertTrue(line.contains(" closed a connection from /127.0.0.1:"), line);
            assertTrue(line.endsWith(": the first bytes are no such header"), line);
        }
        assertTrue(app.seen().isEmpty());
    }

    @Test
    void aReloadEndsItAndTheHeaderIsNoRequest() throws Exception {
        proxy.reload(yaml("{}"));
        try (RawClient client = new RawClient(proxy.address(8080))) {
            assertEquals(200, client.send(GET).answer().status());
        }
        try (RawClient client = new RawClient(proxy.address(8080))) {
            assertEquals("", client.send(LINE + GET).rest());
        }
        assertEquals(1, app.seen().size());
    }
}
