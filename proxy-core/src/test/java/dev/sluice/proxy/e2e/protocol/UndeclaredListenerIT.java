package dev.sluice.proxy.e2e.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.Wire;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Sidecar's listeners without a protocol that are connected to: the first bytes tell HTTP from anything else. */
class UndeclaredListenerIT {
    private static final int TO_HTTP_APP = 9001;
    private static final int TO_OTHER_APP = 9002;
    private static final int EGRESS = 9003;
    private static final int EACH_PORT = 9004;

    private TestUpstream http;
    private SocketServer greeting;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        http = new TestUpstream("app");
        greeting = new SocketServer(client -> {
            Streams.send(client, "220 hello\n");
            Streams.send(client, "250 " + line(client) + "\n");
        });
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  ingress:
                  - {port: {number: 9001, name: one}, captureMode: NONE, defaultEndpoint: "127.0.0.1:%1$d"}
                  - {port: {number: 9002, name: two}, captureMode: NONE, defaultEndpoint: "127.0.0.1:%2$d"}
                  egress:
                  - {port: {number: 9003, name: all}, captureMode: NONE, hosts: ["*/*"]}
                  - {captureMode: NONE, hosts: ["*/*"]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  resolution: STATIC
                  ports: [{number: 9004, name: http, protocol: HTTP, targetPort: %1$d}]
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mail}
                spec:
                  hosts: [mail.example.com]
                  resolution: STATIC
                  ports: [{number: 9004, name: smtp, targetPort: %2$d}]
                  endpoints: [{address: 127.0.0.1}]
                """
                        .formatted(http.port(), greeting.port()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        greeting.close();
        http.close();
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read(); next >= 0 && next != '\n'; ) {
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {TO_HTTP_APP, EGRESS, EACH_PORT})
    void requestsOfHttp1AreRouted(int port) throws Exception {
        try (Socket client = Streams.connect(proxy.address(port))) {
            Streams.send(client, "GET /x HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
            String head = Wire.head(client.getInputStream());
            assertEquals("HTTP/1.1 200", head.substring(0, 12));
            assertTrue(head.contains("X-upstream: app"), head);
        }
        assertEquals(1, http.seen().size());
        assertTrue(proxy.streams().isEmpty(), "nothing was carried as bytes");
    }

    @Test
    void requestsOfHttp2AreRouted() throws Exception {
        try (WireH2 client = new WireH2(proxy.address(EGRESS))) {
            client.headers(
                    1, true, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "shop.example.com");
            String answer = client.answer(1);
            assertTrue(answer.contains(":status=200"), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TO_OTHER_APP, EGRESS, EACH_PORT})
    void bytesOfAnotherKindAreCarried(int port) throws Exception {
        try (Socket client = Streams.connect(proxy.address(port))) {
            Streams.send(client, "\0\1binary\n");
            assertEquals("220 hello", line(client));
            assertEquals("250 \0\1binary", line(client));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TO_OTHER_APP, EGRESS, EACH_PORT})
    void aServerThatSpeaksFirstIsHeard(int port) throws Exception {
        try (Socket client = Streams.connect(proxy.address(port))) {
            assertEquals("220 hello", line(client));
            Streams.send(client, "ehlo\n");
            assertEquals("250 ehlo", line(client));
        }
    }

    @Test
    void tlsIsCarriedUnopenedToTheApp() throws Exception {
        try (Socket client = Streams.connect(proxy.address(TO_OTHER_APP))) {
            byte[] record = {22, 3, 1, 0, 1, '\n'};
            client.getOutputStream().write(record);
            assertEquals("220 hello", line(client));
            assertEquals("250 " + new String(record, 0, 5, StandardCharsets.ISO_8859_1), line(client));
        }
    }
}
