package dev.sluice.proxy.e2e.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.UnixServer;
import dev.sluice.proxy.e2e.fixture.Wire;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.upstream.Transport;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unix domain sockets on either side of the proxy (spec/istio-fields.md §3, §4, §5), on every transport. */
class UnixSocketIT {
    @TempDir
    private Path folder;

    private final List<UnixServer> servers = new ArrayList<>();

    private static String gateway(String bind, String service) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: %1$s, annotations: {sluice.dev/socket-mode: "0600"}}
                spec:
                  servers:
                  - port: {number: 0, name: http, protocol: HTTP}
                    bind: %2$s
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec:
                  hosts: ["*"]
                  gateways: [%1$s]
                  http:
                  - route: [{destination: {host: %1$s.internal}}]
                ---
                """
                .formatted(service, bind);
    }

    private static String service(String name, String protocol, String endpoint) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s.internal]
                  resolution: STATIC
                  ports: [{number: 80, name: only, protocol: %2$s}]
                  endpoints: [{address: "%3$s"}]
                ---
                """
                .formatted(name, protocol, endpoint);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private String uri(String name) {
        return "unix://" + file(name);
    }

    private void serve(String socket, String name) throws IOException {
        servers.add(UnixServer.http(file(socket), name));
    }

    @AfterEach
    void stop() throws IOException {
        for (UnixServer server : servers) {
            server.close();
        }
    }

    private static SocketChannel connect(Path file) throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(file));
        return client;
    }

    /** The body of the answer to a POST; several go on one connection. */
    private static String ask(SocketChannel client, String host, String body) throws IOException {
        OutputStream out = Channels.newOutputStream(client);
        InputStream in = Channels.newInputStream(client);
        String request =
                "POST /x HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        String head = Wire.head(in);
        return head.substring(9, 12) + " " + Wire.body(in, head, true);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO", "IO_URING"})
    void aGatewayOnASocketReachesAServiceOnASocket(Transport.Kind transport) throws Exception {
        String yaml = gateway(uri("gate.sock"), "app") + service("app", "HTTP", uri("app.sock"));
        serve("app.sock", "app");
        try (TestProxy proxy = TestProxy.start(yaml, transport);
                SocketChannel client = connect(file("gate.sock"))) {
            assertEquals("200 app /x shop.example hello", ask(client, "shop.example", "hello"));
            assertEquals("200 app /x shop.example again", ask(client, "shop.example", "again"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file("gate.sock"))));
            Cluster app = proxy.proxy().clusters().clusters().iterator().next();
            assertEquals(
                    file("app.sock").toString(), app.endpoints().all().get(0).hostPort());
        }
        assertFalse(Files.exists(file("gate.sock")), "the file goes with its listener");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO", "IO_URING"})
    void http2IsSpokenOverSockets(Transport.Kind transport) throws Exception {
        // The service of the first gateway is the second one, by HTTP/2 with prior knowledge.
        String yaml = gateway(uri("first.sock"), "hop")
                + service("hop", "HTTP2", uri("second.sock"))
                + gateway(uri("second.sock"), "app")
                + service("app", "HTTP", uri("app.sock"));
        serve("app.sock", "app");
        try (TestProxy proxy = TestProxy.start(yaml, transport);
                SocketChannel client = connect(file("first.sock"))) {
            String big = "b".repeat(200_000);
            assertEquals("200 app /x shop.example " + big, ask(client, "shop.example", big));
            assertEquals(2, proxy.proxy().listeners().addresses().size());
        }
    }

    @Test
    void abstractSocketsNeedNoFile() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "abstract sockets need Linux and the epoll transport");
        String name = "unix://@sluice-" + UUID.randomUUID();
        String yaml = gateway(uri("first.sock"), "hop")
                + service("hop", "HTTP", name)
                + gateway(name, "app")
                + service("app", "HTTP", uri("app.sock"));
        serve("app.sock", "app");
        try (TestProxy proxy = TestProxy.start(yaml);
                SocketChannel client = connect(file("first.sock"))) {
            assertEquals("200 app /x shop.example one", ask(client, "shop.example", "one"));
            assertTrue(proxy.proxy().listeners().addresses().stream()
                    .anyMatch(address -> address.toString().equals(name.substring("unix://".length()))));
        }
    }

    private String bytes() {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 0, name: tcp, protocol: TCP}
                    bind: %s
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: bytes}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  tcp:
                  - route: [{destination: {host: bytes.internal, port: {number: 80}}}]
                ---
                """
                        .formatted(uri("gate.sock"))
                + service("bytes", "TCP", uri("bytes.sock"));
    }

    @Test
    void eachDirectionEndsByItself() throws Exception {
        // It answers only once its client has ended its own direction.
        servers.add(new UnixServer(file("bytes.sock"), client -> {
            Streams.Drained all = Streams.drain(Channels.newInputStream(client));
            Channels.newOutputStream(client).write((all.length() + " bytes").getBytes(StandardCharsets.US_ASCII));
        }));
        try (TestProxy proxy = TestProxy.start(bytes());
                SocketChannel client = connect(file("gate.sock"))) {
            Assumptions.assumeTrue(
                    proxy.proxy().transport().kind() == Transport.Kind.EPOLL,
                    "Netty's NIO and io_uring close a Unix domain socket with its peer's FIN");
            Streams.pour(Channels.newOutputStream(client), 1_000_000, 7);
            client.shutdownOutput();
            byte[] answer = Channels.newInputStream(client).readAllBytes();
            assertEquals("1000000 bytes", new String(answer, StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> !proxy.streams().isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO", "IO_URING"})
    void bytesFlowBothWays(Transport.Kind transport) throws Exception {
        servers.add(new UnixServer(file("bytes.sock"), client -> {
            int read = Channels.newInputStream(client).readNBytes(1_000_000).length;
            Channels.newOutputStream(client).write((read + " bytes").getBytes(StandardCharsets.US_ASCII));
        }));
        try (TestProxy proxy = TestProxy.start(bytes(), transport);
                SocketChannel client = connect(file("gate.sock"))) {
            Streams.pour(Channels.newOutputStream(client), 1_000_000, 7);
            byte[] answer = Channels.newInputStream(client).readAllBytes();
            assertEquals("1000000 bytes", new String(answer, StandardCharsets.US_ASCII));
            client.shutdownOutput();
            Awaitility.await().until(() -> !proxy.streams().isEmpty());
            var session = proxy.streams().get(0);
            assertEquals("unix:", session.downstream().remoteAddress().toString());
            assertEquals(
                    file("gate.sock").toString(),
                    session.downstream().localAddress().toString());
            assertEquals(file("bytes.sock").toString(), session.endpoint().hostPort());
        }
    }

    @Test
    void aListenerThatIsItsOwnUpstreamEndsItsConnections() throws Exception {
        String loop = bytes().replace("bytes.sock", "gate.sock");
        try (TestProxy proxy = TestProxy.start(loop);
                SocketChannel client = connect(file("gate.sock"))) {
            assertEquals(-1, Channels.newInputStream(client).read());
            Awaitility.await().until(() -> !proxy.streams().isEmpty());
            assertEquals(1, proxy.streams().size(), "it made no second turn");
            assertEquals(ErrorCode.LOOP_DETECTED, proxy.streams().get(0).error().code());
            Cluster upstream = proxy.proxy().clusters().clusters().iterator().next();
            Awaitility.await()
                    .until(() ->
                            upstream.connections().used() + upstream.pending().used() == 0);
        }
    }

    @Test
    void aSocketThatIsNotThereIsAFailedConnect() throws Exception {
        for (Transport.Kind transport : new Transport.Kind[] {Transport.Kind.AUTO, Transport.Kind.NIO}) {
            String yaml = gateway(uri("gate.sock"), "app") + service("app", "HTTP", uri("nobody.sock"));
            try (TestProxy proxy = TestProxy.start(yaml, transport);
                    SocketChannel client = connect(file("gate.sock"))) {
                assertEquals(
                        "503 upstream connect error or disconnect/reset before headers. retried and the latest reset"
                                + " reason: remote connection failure, transport failure reason: delayed connect error:"
                                + " No such file or directory",
                        ask(client, "shop.example", ""));
                Cluster app = proxy.proxy().clusters().clusters().iterator().next();
                assertTrue(app.endpoints().all().get(0).failures() > 0, "it is the endpoint's fault");
            }
        }
    }

    @Test
    void aSidecarsListenersAndItsAppMayBeOnSockets() throws Exception {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  ingress:
                  - port: {number: 9080, name: http, protocol: HTTP}
                    captureMode: NONE
                    defaultEndpoint: %s
                  egress:
                  - port: {number: 0, name: out, protocol: HTTP}
                    bind: %s
                    hosts: ["*/*"]
                ---
                """
                                .formatted(uri("app.sock"), uri("out.sock"))
                        + service("other", "HTTP", uri("other.sock"));
        serve("app.sock", "app");
        serve("other.sock", "other");
        try (TestProxy proxy = TestProxy.start(yaml);
                SocketChannel out = connect(file("out.sock"));
                RawClient in = new RawClient(proxy.address(9080))) {
            assertEquals("200 other /x other.internal 1", ask(out, "other.internal", "1"));
            in.send("GET /y HTTP/1.1\r\nHost: me\r\n\r\n");
            assertEquals("app /y me ", in.answer().body());
        }
    }

    @Test
    void whenTheSocketMovesTheServiceFollowsAReload() throws Exception {
        String yaml = gateway(uri("gate.sock"), "app") + service("app", "HTTP", uri("one.sock"));
        serve("one.sock", "one");
        serve("two.sock", "two");
        try (TestProxy proxy = TestProxy.start(yaml);
                SocketChannel client = connect(file("gate.sock"))) {
            assertEquals("200 one /x a b", ask(client, "a", "b"));
            proxy.reload(yaml.replace("one.sock", "two.sock"));
            assertEquals("200 two /x a b", ask(client, "a", "b"));
        }
    }
}
