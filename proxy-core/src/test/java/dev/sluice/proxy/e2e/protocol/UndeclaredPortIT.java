package dev.sluice.proxy.e2e.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a port without a protocol is spoken to in: as the client spoke beside an app, in HTTP/1.1 behind a gateway. */
class UndeclaredPortIT {
    private static final String UNDECLARED = "\"\"";

    @Test
    void aClientOfHttp2AtAGatewayReachesAServerThatKnowsHttp1Alone() throws Exception {
        try (TestUpstream upstream = new TestUpstream("v1");
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), UNDECLARED));
                WireH2 client = new WireH2(proxy.address(8080))) {
            String answer = client.get(1).answer(1);
            assertTrue(answer.contains(":status=200"), answer);
        }
    }

    @Test
    void aCopyForAMirrorIsSpokenLikeTheRequest() throws Exception {
        try (TestUpstream upstream = new TestUpstream("v1");
                TestProxy proxy =
                        TestProxy.start(Shop.yaml(upstream.port(), UNDECLARED, "mirror: {host: shop.example.com}, "));
                WireH2 client = new WireH2(proxy.address(8080))) {
            client.get(1).answer(1);
            Awaitility.await().until(() -> upstream.seen().size() == 2);
        }
    }

    @Test
    void grpcAtAGatewayStaysHttp2() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (SocketServer upstream = firstWord(seen);
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), UNDECLARED));
                WireH2 client = new WireH2(proxy.address(8080))) {
            client.post(1, "content-type", "application/grpc", "te", "trailers");
            assertEquals("PRI", seen.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatTheAppSpeaksIsPassedOnAsItIs() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        ProxyIdentity app = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        try (SocketServer upstream = firstWord(seen);
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), UNDECLARED), app)) {
            InetSocketAddress outbound = proxy.address(15001);
            try (WireH2 client = new WireH2(outbound)) {
                client.headers(
                        1, true, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "shop.example.com");
                assertEquals("PRI", seen.poll(20, TimeUnit.SECONDS));
            }
        }
    }

    /** A server that tells what its clients begin with. */
    private static SocketServer firstWord(BlockingQueue<String> seen) throws Exception {
        return new SocketServer(
                client -> seen.add(new String(client.getInputStream().readNBytes(3), StandardCharsets.US_ASCII)));
    }
}
