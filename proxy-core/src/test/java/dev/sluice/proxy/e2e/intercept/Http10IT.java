package dev.sluice.proxy.e2e.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of HTTP/1.0 on redirected connections: one that names no host has nothing to be routed by. */
class Http10IT {
    private static final int OUTBOUND = 15_001;
    private static final String WITHOUT_HOST = "GET / HTTP/1.0\r\naccept: *\r\n\r\n";

    private ServerSocket server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: old}
                spec:
                  hosts: [old.example]
                  addresses: [10.96.0.20]
                  resolution: STATIC
                  ports:
                  - {number: 80, name: http, protocol: HTTP}
                  - {number: 81, name: any}
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: PORT, any: PORT}}
                """
                        .replace("PORT", Integer.toString(server.getLocalPort())),
                ProxyIdentity.of("default").withIntercept(true));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void toAPortThatNobodyDeclaredItGoesAsItIs() throws Exception {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.20", 81)) {
            Streams.send(client, WITHOUT_HOST);
            try (Socket upstream = server.accept()) {
                assertEquals(WITHOUT_HOST, Streams.read(upstream, WITHOUT_HOST.length()));
                Streams.send(upstream, "HTTP/1.0 200 OK\r\n\r\n");
            }
            assertEquals("HTTP/1.0 200 OK\r\n\r\n", Streams.readAll(client));
        }
    }

    @Test
    void toAPortOfHttpItIsRefused() throws Exception {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.20", 80)) {
            Streams.send(client, WITHOUT_HOST);
            assertEquals("HTTP/1.1 426", Streams.read(client, 12));
        }
    }

    @Test
    void withAHostItIsRoutedLikeAnyOther() throws Exception {
        try (Socket client = proxy.redirected(OUTBOUND, "10.96.0.20", 81)) {
            Streams.send(client, "GET / HTTP/1.0\r\nhost: old.example\r\n\r\n");
            try (Socket upstream = server.accept()) {
                assertEquals("GET / HTTP/1.1", Streams.read(upstream, 14));
            }
        }
    }
}
