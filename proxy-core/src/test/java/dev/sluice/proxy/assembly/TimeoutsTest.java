package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timeouts of routes, tries and gRPC calls, in virtual time. */
class TimeoutsTest {
    private static final ProxyError CANCELLED = ProxyError.upstream(ErrorCode.UPSTREAM_RESET, "RST_STREAM CANCEL");

    @Test
    void anUpstreamThatKeepsACallsDeadlineItselfIsNotBlamedForIt() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("timeout: 300ms,"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.grpc("/shop/Buy").send("message", true);
            assertEquals("300m", tries.get(0).header("grpc-timeout"));
            proxy.advance(Duration.ofMillis(299));
            assertEquals(0, client.status());
            // The upstream's clock and ours run to the same moment; the upstream's reset is here first.
            proxy.loseAfter(tries.get(0), Duration.ofMillis(1), CANCELLED);
            assertEquals("4", client.header("grpc-status"));
            assertEquals("upstream request timeout", client.header("grpc-message"));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void anUpstreamThatResetsACallBeforeItsDeadlineIsToBlame() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("timeout: 300ms,"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.grpc("/shop/Buy").send("message", true);
            proxy.loseAfter(tries.get(0), Duration.ofMillis(200), CANCELLED);
            assertEquals("14", client.header("grpc-status"));
            assertTrue(client.header("grpc-message").endsWith("remote reset"), client.header("grpc-message"));
        }
    }

    @Test
    void aStreamingCallEndsWithItsDeadlineThoughTheRoutesTimeoutHasNotBegun() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("timeout: 300ms,"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client =
                    proxy.grpc("/shop/Watch", "grpc-timeout", "900m").send("message", false);
            assertEquals("300m", tries.get(0).header("grpc-timeout"));
            proxy.advance(Duration.ofMillis(892));
            assertEquals(0, client.status());
            proxy.advance(Duration.ofMillis(16));
            assertEquals("4", client.header("grpc-status"));
            assertNotNull(tries.get(0).resetReason());
            proxy.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 500", "800, 900"})
    void aCallWhoseRequestEndsIsHeldToWhatPassesFirst(int requestMillis, int endMillis) {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("timeout: 300ms,"))) {
            proxy.server(PlayedTry::open);
            PlayedClient client =
                    proxy.grpc("/shop/Watch", "grpc-timeout", "900m").send("message", false);
            proxy.advance(Duration.ofMillis(requestMillis));
            client.send("last", true);
            proxy.advance(Duration.ofMillis(endMillis - requestMillis - 8));
            assertEquals(0, client.status());
            proxy.advance(Duration.ofMillis(16));
            assertEquals("4", client.header("grpc-status"));
            proxy.assertNothingIsLeft();
        }
    }
}
