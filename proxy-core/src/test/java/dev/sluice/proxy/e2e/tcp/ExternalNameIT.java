package dev.sluice.proxy.e2e.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.stream.ErrorCode;
import java.io.IOException;
import java.net.Socket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code tcp} routes whose destination is a Service of type ExternalName. */
class ExternalNameIT {
    private SocketServer server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new SocketServer(client -> {
            Streams.send(client, "hello");
            client.getInputStream().transferTo(client.getOutputStream());
        });
        proxy = TestProxy.start(Streams.yaml(server.port()));
        proxy.resolves("db.partner.example", "127.0.0.1");
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void whatItNamesIsConnectedTo() throws IOException {
        reload("db.partner.example", ", ports: [{name: tcp, port: " + server.port() + "}]", "");
        assertGreeted("db.default.svc.cluster.local");
    }

    @Test
    void ofADeclaredServiceItHasThePortsAndThePolicies() throws IOException {
        reload(
                "bytes.example.com",
                "",
                """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: bytes}
                spec:
                  hosts: [bytes.example.com]
                  resolution: STATIC
                  ports: [{number: %d, name: tcp, protocol: TCP}]
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: bytes}
                spec: {host: bytes.example.com, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}
                """
                        .formatted(server.port()));
        try (Socket first = Streams.connect(proxy.address(9000))) {
            assertEquals("hello", Streams.read(first, 5));
            try (Socket second = Streams.connect(proxy.address(9000))) {
                assertEquals("", Streams.readAll(second));
            }
            Awaitility.await().until(() -> !proxy.streams().isEmpty());
        }
        assertEquals(ErrorCode.BREAKER_OPEN, proxy.streams().get(0).error().code());
    }

    @Test
    void withoutPortsItHasNoneToGoTo() throws IOException {
        reload("db.partner.example", "", "");
        try (Socket client = Streams.connect(proxy.address(9000))) {
            assertEquals("", Streams.readAll(client));
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        assertEquals(ErrorCode.NO_CLUSTER, proxy.streams().get(0).error().code());
    }

    private void assertGreeted(String host) throws IOException {
        try (Socket client = Streams.connect(proxy.address(9000))) {
            assertEquals("hello", Streams.read(client, 5));
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        assertEquals(
                host + ":" + server.port(),
                proxy.streams().get(0).destination().cluster().toString());
    }

    private void reload(String name, String ports, String more) throws IOException {
        proxy.reload(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec: {type: ExternalName, externalName: NAMEPORTS}
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gateway}
                spec: {servers: [{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ['*']}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: db}
                spec:
                  hosts: ['*']
                  gateways: [gateway]
                  tcp: [{route: [{destination: {host: db, port: {number: PORT}}}]}]
                """
                                .replace("NAME", name)
                                .replace("PORTS", ports)
                                .replace("PORT", String.valueOf(server.port()))
                        + more);
    }
}
