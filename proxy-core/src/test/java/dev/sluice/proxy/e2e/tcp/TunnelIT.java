package dev.sluice.proxy.e2e.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.proxy.e2e.fixture.ClientHellos;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes through an HTTP proxy (spec/istio-fields.md §2.8), as the proxy sees them on the wire. */
class TunnelIT {
    private ServerSocket server;
    private TestProxy proxy;
    private Socket client;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        proxy.close();
        server.close();
    }

    private Socket connect(String tunnel) throws Exception {
        proxy = TestProxy.start(Streams.yaml(
                "[{destination: {host: bytes.example.com}}]", "{tunnel: " + tunnel + "}", server.getLocalPort()));
        client = Streams.connect(proxy.address(9000));
        Socket accepted = server.accept();
        accepted.setSoTimeout(60_000);
        return accepted;
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        return head.toString();
    }

    private TcpSession ended() {
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        return proxy.streams().get(0);
    }

    @Test
    void aConnectAsksForTheTargetAndBecomesTheTunnel() throws Exception {
        try (Socket upstream = connect("{targetHost: db.internal, targetPort: 3306}")) {
            assertEquals("CONNECT db.internal:3306 HTTP/1.1\r\nhost: db.internal:3306\r\n\r\n", head(upstream));
            // What was sent before the tunnel is open waits for it.
            Streams.send(client, "early ");
            Streams.send(upstream, "HTTP/1.1 200 Connection established\r\ncontent-length: 5\r\n\r\ngreeting");
            assertEquals("greeting", Streams.read(client, 8));
            Streams.send(client, "late");
            assertEquals("early late", Streams.read(upstream, 10));
            client.shutdownOutput();
            assertEquals(-1, upstream.getInputStream().read());
            Streams.send(upstream, "bye");
            upstream.shutdownOutput();
            assertEquals("bye", Streams.readAll(client));
        }
        assertNull(ended().error());
        assertEquals(11, ended().sentBytes());
    }

    @Test
    void whatWasReadToFindTheRouteIsTheFirstThatGoesThroughAConnect() throws Exception {
        String yaml = Streams.yaml(
                        "[{destination: {host: bytes.example.com}}]",
                        "{tunnel: {targetHost: db.internal, targetPort: 3306}}",
                        server.getLocalPort())
                .replace(
                        "protocol: TCP}\n    hosts: [\"*\"]",
                        "protocol: TLS}\n    hosts: [\"*\"]\n    tls: {mode: PASSTHROUGH}")
                .replace("tcp:\n  - route", "tls:\n  - match: [{sniHosts: [\"*\"]}]\n    route");
        proxy = TestProxy.start(yaml);
        client = Streams.connect(proxy.address(9000));
        byte[] hello = ClientHellos.named("shop.example.com");
        client.getOutputStream().write(hello);
        try (Socket upstream = server.accept()) {
            upstream.setSoTimeout(60_000);
            head(upstream);
            Streams.send(upstream, "HTTP/1.1 200 OK\r\n\r\n");
            assertArrayEquals(hello, upstream.getInputStream().readNBytes(hello.length));
            Streams.send(upstream, "answer");
            assertEquals("answer", Streams.read(client, 6));
            client.shutdownOutput();
            assertEquals(-1, upstream.getInputStream().read());
        }
        assertNull(ended().error());
    }

    @Test
    void aTunnelThatIsRefusedIsAConnectThatFailed() throws Exception {
        try (Socket upstream = connect("{protocol: CONNECT, targetHost: '2001:db8::1', targetPort: 443}")) {
            assertEquals("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nhost: [2001:db8::1]:443\r\n\r\n", head(upstream));
            Streams.send(upstream, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
            assertEquals("", Streams.readAll(client));
        }
        assertEquals(ErrorCode.CONNECT_FAILED, ended().error().code());
        assertEquals(
                "no tunnel to [2001:db8::1]:443 by the proxy: it answered 403",
                ended().error().detail());
    }

    @Test
    void aProxyThatHangsUpOrTalksNonsenseIsAConnectThatFailed() throws Exception {
        try (Socket upstream = connect("{targetHost: db.internal, targetPort: 3306}")) {
            head(upstream);
            Streams.send(upstream, "SSH-2.0-OpenSSH\r\n\r\n");
            assertEquals("", Streams.readAll(client));
        }
        assertEquals(ErrorCode.CONNECT_FAILED, ended().error().code());
    }

    @Test
    void aPostCarriesBothDirectionsAsBodies() throws Exception {
        try (Socket upstream = connect("{protocol: POST, targetHost: db.internal, targetPort: 3306}")) {
            assertEquals(
                    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nhost: db.internal:3306\r\n\r\n", head(upstream));
            Streams.send(
                    upstream, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            Streams.send(upstream, "8\r\ngreeting\r\n");
            assertEquals("greeting", Streams.read(client, 8));
            Streams.send(client, "hello");
            assertEquals("5\r\nhello\r\n", Streams.read(upstream, 10));
            client.shutdownOutput();
            assertEquals("0\r\n\r\n", Streams.read(upstream, 5));
            Streams.send(upstream, "3\r\nbye\r\n0\r\n\r\n");
            assertEquals("bye", Streams.readAll(client));
        }
        assertNull(ended().error());
    }

    @Test
    void theResponseOfAPostMayEndWithTheConnection() throws Exception {
        try (Socket upstream = connect("{protocol: POST, targetHost: db.internal, targetPort: 3306}")) {
            head(upstream);
            Streams.send(upstream, "HTTP/1.1 200 OK\r\n\r\nall of it");
            upstream.shutdownOutput();
            assertEquals("all of it", Streams.readAll(client));
            Streams.send(client, "more");
            client.shutdownOutput();
            assertEquals(
                    "4\r\nmore\r\n0\r\n\r\n",
                    new String(upstream.getInputStream().readNBytes(14), StandardCharsets.US_ASCII));
        }
        assertNull(ended().error());
    }
}
