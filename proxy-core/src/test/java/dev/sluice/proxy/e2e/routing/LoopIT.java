package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes that lead back to the listener they came from (spec/reliability.md D28, E8). */
class LoopIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void aRouteToItsOwnListenerIsAnswered508AtTheFirstReturn() throws Exception {
        try (TestProxy proxy = RawGateway.start(1)) {
            InetSocketAddress own = proxy.address(8080);
            proxy.reload(RawGateway.yaml(own.getAddress().getHostAddress(), own.getPort(), "HTTP", RawGateway.ALL));
            try (RawClient client = new RawClient(own)) {
                for (int i = 0; i < 3; i++) {
                    RawClient.Answer answer = client.send(GET).answer();
                    assertEquals(508, answer.status());
                    assertEquals("LOOP_DETECTED", answer.header("x-sluice-code"));
                    assertEquals("the request came back to the proxy that sent it", answer.body());
                }
            }
        }
    }

    @Test
    void aLoopThroughAnotherProxyEndsToo() throws Exception {
        try (TestProxy one = RawGateway.start(1);
                TestProxy two = TestProxy.start(to(one, 8080))) {
            one.reload(to(two, 8080));
            try (RawClient client = new RawClient(one.address(8080))) {
                assertEquals(508, client.send(GET).answer().status());
            }
        }
    }

    @Test
    void aRequestThatPassesTwoProxiesIsServed() throws Exception {
        try (RawUpstream upstream = new RawUpstream(RawUpstream::answerAll);
                TestProxy inner = RawGateway.start(upstream.port());
                TestProxy outer = TestProxy.start(to(inner, 8080));
                RawClient client = new RawClient(outer.address(8080))) {
            assertEquals("ok", client.send(GET).answer().body());
            String hops = upstream.requests().get(0).header("x-sluice-hop");
            assertEquals(2, hops.split(",", -1).length, hops);
            assertEquals(List.of(), upstream.failures());
        }
    }

    @Test
    void aRequestThatHasPassedMoreListenersThanCanBeIsTakenForALoop() throws Exception {
        try (RawUpstream upstream = new RawUpstream(RawUpstream::answerAll);
                TestProxy proxy = RawGateway.start(upstream.port());
                RawClient client = new RawClient(proxy.address(8080))) {
            String hops = "X-Sluice-Hop: " + "0123456789abcdef,".repeat(31) + "\r\n";
            assertEquals(
                    508,
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + hops + "\r\n")
                            .answer()
                            .status());
            assertTrue(upstream.requests().isEmpty());
        }
    }

    private static String to(TestProxy proxy, int port) {
        InetSocketAddress address = proxy.address(port);
        return RawGateway.yaml(address.getAddress().getHostAddress(), address.getPort(), "HTTP", RawGateway.ALL);
    }
}
