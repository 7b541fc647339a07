package dev.sluice.proxy.e2e.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many connections clients may have, by Envoy's runtime keys in MeshConfig. */
class ConnectionCapsIT {
    private final List<RawClient> clients = new ArrayList<>();
    private TestUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new TestUpstream("up");
        proxy = TestProxy.start(yaml("{}"));
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        upstream.close();
    }

    private String yaml(String runtimeValues) {
        return """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                metadata: {name: mesh}
                spec:
                  meshConfig:
                    defaultConfig:
                      runtimeValues: %s
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: ["*"]
                  - port: {number: 8081, name: more, protocol: HTTP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: up}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http: [{route: [{destination: {host: up.internal}}]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: up}
                spec:
                  hosts: [up.internal]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                """
                .formatted(runtimeValues, upstream.port());
    }

    private RawClient connect(int port) throws IOException {
        RawClient client = new RawClient(proxy.address(port));
        clients.add(client);
        return client;
    }

    /** A connection that is served, once those that clients have closed are gone. */
    private RawClient admitted(int port) {
        return Awaitility.await()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            RawClient client = connect(port);
                            return status(client) == 200 ? client : null;
                        },
                        Objects::nonNull);
    }

    private static int status(RawClient client) throws IOException {
        return client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").answer().status();
    }

    /** A connection that is closed as soon as it was made. */
    private boolean isRefused(int port) throws IOException {
        try (Socket socket = Streams.connect(proxy.address(port))) {
            socket.getOutputStream().write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            // What it sent was not read.
            return true;
        }
    }

    @Test
    void oneConnectionTooManyOnAllListenersIsClosedAtOnce() throws Exception {
        proxy.reload(yaml("{overload.global_downstream_max_connections: \"2\"}"));
        assertEquals(200, status(connect(8080)));
        RawClient second = connect(8081);
        assertEquals(200, status(second));
        assertEquals(List.of(true, true), List.of(isRefused(8080), isRefused(8081)));
        assertEquals(2, proxy.proxy().listeners().refusedByTotal());
        assertEquals(200, status(second), "those that are open go on");
        second.close();
        Awaitility.await().until(() -> !isRefused(8080));
    }

    @Test
    void aListenerMayHaveACapOfItsOwn() throws Exception {
        // As Istio names its listeners, and as Sluice names this one.
        for (String name : List.of("127.1.31.144_0", "gateway:0.0.0.0:8080")) {
            proxy.reload(yaml("{envoy.resource_limits.listener." + name + ".connection_limit: \"1\"}"));
            try (RawClient first = admitted(8080)) {
                assertEquals(true, isRefused(8080));
                assertEquals(200, status(first));
                assertEquals(200, status(connect(8081)));
            }
            Awaitility.await().until(() -> !isRefused(8080));
        }
        assertEquals(0, proxy.proxy().listeners().refusedByTotal());
    }

    @Test
    void aReloadLiftsACapAndClosesNothing() throws Exception {
        assertEquals(200, status(connect(8080)));
        RawClient second = connect(8080);
        assertEquals(200, status(second));
        proxy.reload(yaml("{overload.global_downstream_max_connections: \"1\"}"));
        assertEquals(200, status(second));
        assertEquals(true, isRefused(8080));
        proxy.reload(yaml("{}"));
        assertEquals(200, status(connect(8080)));
    }
}
