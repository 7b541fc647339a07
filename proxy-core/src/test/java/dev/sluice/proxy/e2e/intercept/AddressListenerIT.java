package dev.sluice.proxy.e2e.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.Wire;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Sidecar's egress listeners with a {@code bind}, for redirected connections: each has those to its address alone. */
class AddressListenerIT {
    private static final int OUTBOUND = 15_001;

    private TestUpstream one;
    private TestUpstream two;
    private SocketServer greeting;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        one = new TestUpstream("one");
        two = new TestUpstream("two");
        greeting = new SocketServer(client -> Streams.send(client, "220 hello\n"));
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
                  egress:
                  - {port: {number: 80, name: http, protocol: HTTP}, bind: 10.96.0.5, hosts: ["./one.example"]}
                  - {port: {number: 81, name: any}, bind: 10.96.0.5, hosts: ["./one.example", "./mail.example"]}
                  - {hosts: ["./two.example"]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: one}
                spec:
                  hosts: [one.example]
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: %1$d}]
                  resolution: STATIC
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: two}
                spec:
                  hosts: [two.example]
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: %2$d}]
                  resolution: STATIC
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mail}
                spec:
                  hosts: [mail.example]
                  addresses: [10.96.0.9]
                  ports: [{number: 25, name: smtp, protocol: TCP, targetPort: %3$d}]
                  resolution: STATIC
                  endpoints: [{address: 127.0.0.1}]
                """
                        .formatted(one.port(), two.port(), greeting.port()),
                ProxyIdentity.of("default").withIntercept(true));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        greeting.close();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.5, 80, one.example, 200",
        "10.96.0.5, 80, two.example, 502",
        "192.0.2.1, 80, two.example, 200",
        "192.0.2.1, 80, one.example, 502",
        "10.96.0.5, 81, one.example, 200",
    })
    void requestsGoByTheServicesOfTheListenerThatHasTheAddress(String dialled, int port, String host, String status)
            throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, dialled, port)) {
            Streams.send(client, "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            String head = Wire.head(client.getInputStream());
            assertEquals(status, head.substring(9, 12), head);
        }
    }

    @Test
    void soDoBytes() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.5", 81)) {
            assertEquals("220 hello", new String(client.getInputStream().readNBytes(9), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aPortThatNoOtherListenerHasIsNobodysElsewhere() throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.9", 81)) {
            assertTrue(client.getInputStream().read() < 0, "closed");
        }
    }
}
