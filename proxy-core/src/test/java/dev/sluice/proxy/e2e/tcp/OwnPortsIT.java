package dev.sluice.proxy.e2e.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.explain.Explanation;
import dev.sluice.proxy.explain.Question;
import dev.sluice.proxy.explain.Questions;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes bear no mark, so that it is looked where they go: not to the proxy's own ports (spec/reliability.md E3). */
class OwnPortsIT {
    private ServerSocketChannel admin;
    private TestProxy proxy;

    @BeforeEach
    void listen() throws IOException {
        admin = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        admin.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        admin.close();
    }

    private int port() throws IOException {
        return ((InetSocketAddress) admin.getLocalAddress()).getPort();
    }

    private static TcpSession ended(TestProxy proxy, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> proxy.streams().size() == count);
        return proxy.streams().get(count - 1);
    }

    private void assertRefused(Socket client, int count) throws IOException {
        assertEquals("", Streams.readAll(client));
        TcpSession session = ended(proxy, count);
        assertEquals(ErrorCode.LOOP_DETECTED, session.error().code());
        assertEquals(
                "the endpoint is a port of this proxy's own: admin, status or interception",
                session.error().detail());
        assertNull(session.upstreamRemote());
        for (Cluster cluster : proxy.proxy().clusters().clusters()) {
            assertEquals(0, cluster.connections().used() + cluster.pending().used());
        }
    }

    @Test
    void noRouteReachesAPageOfTheProxy() throws Exception {
        proxy = TestProxy.start(Streams.yaml(port()));
        proxy.proxy().listeners().reserve((InetSocketAddress) admin.getLocalAddress());
        try (Socket client = Streams.connect(proxy.address(9000))) {
            assertRefused(client, 1);
        }
        assertNull(admin.accept(), "nobody came");
    }

    @Test
    void noRouteReachesWhereConnectionsAreRedirectedTo() throws Exception {
        String entry =
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: db}
                spec:
                  hosts: [db.example]
                  addresses: [10.96.0.20]
                  ports: [{number: 5432, name: tcp, protocol: TCP}]
                  resolution: STATIC
                  endpoints: [{address: ADDRESS, ports: {tcp: PORT}}]
                """;
        ProxyIdentity identity = ProxyIdentity.of("default").withIntercept(true);
        proxy = TestProxy.start(entry.replace("ADDRESS", "127.0.0.1").replace("PORT", "" + port()), identity);
        int count = 0;
        for (int capture : new int[] {15001, 15006}) {
            InetSocketAddress own = proxy.address(capture);
            proxy.reload(
                    entry.replace("ADDRESS", own.getAddress().getHostAddress()).replace("PORT", "" + own.getPort()));
            try (Socket client = proxy.redirected(15001, "10.96.0.20", 5432)) {
                assertRefused(client, ++count);
            }
            Explanation told = Questions.of(
                            proxy.proxy().snapshot(), proxy.proxy().listeners()::isClosedToRoutes)
                    .answer(Question.of("GET", "http://db.example:5432/", List.of(), "10.96.0.20", "outbound"));
            assertEquals(
                    "LOOP_DETECTED: " + own.getAddress().getHostAddress() + ":" + own.getPort()
                            + " is a port of this proxy's own",
                    told.destinations().get(0).problem());
        }
    }

    @Test
    void aListenerThatIsConnectedToMayBeADestination() throws Exception {
        String inner = Streams.yaml(port())
                .replace("bytes", "inner")
                .replace("gw", "in")
                .replace("9000", "9001");
        proxy = TestProxy.start(Streams.yaml(port()) + "---\n" + inner);
        InetSocketAddress next = proxy.address(9001);
        String outer = Streams.yaml(next.getPort())
                .replace("127.0.0.1", next.getAddress().getHostAddress());
        proxy.reload(outer + "---\n" + inner);
        try (Socket client = Streams.connect(proxy.address(9000))) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                try (SocketChannel accepted = admin.accept()) {
                    return accepted != null;
                }
            });
            client.shutdownOutput();
            assertEquals("", Streams.readAll(client));
        }
        ended(proxy, 2);
        for (TcpSession session : proxy.streams()) {
            assertNull(session.error());
        }
        assertTrue(proxy.streams().stream().anyMatch(session -> next.equals(session.upstreamRemote())));
    }
}
