package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.proxy.stream.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests on which nothing moves, in virtual time. */
class StreamIdleTest {
    private static final String IDLE_1S = "metadata: {name: shop, annotations: {sluice.dev/stream-idle-timeout: 1s}}";
    private static final Duration JUST_BELOW = Duration.ofMillis(996);
    private static final Duration A_TICK = Duration.ofMillis(8);

    private final List<PlayedTry> tries = new ArrayList<>();

    private VirtualProxy proxy(String rule) {
        return new VirtualProxy(OneRoute.yaml(rule).replace("metadata: {name: shop}", IDLE_1S))
                .server(next -> tries.add(next.open()));
    }

    @Test
    void whereNothingIsSetARequestMayBeSilentForever() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(""))) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofHours(2));
            assertEquals(0, client.status());
            assertNull(client.resetReason());
            tries.get(0).answer(200);
            assertEquals(200, client.status());
        }
    }

    @Test
    void anUpstreamThatFallsSilentIs504WithEnvoysText() {
        try (VirtualProxy proxy = proxy("")) {
            PlayedClient client = proxy.get("/");
            proxy.advance(JUST_BELOW);
            assertEquals(0, client.status());
            proxy.advance(A_TICK);
            assertEquals(504, client.status());
            assertEquals("STREAM_IDLE_TIMEOUT", client.header("x-sluice-code"));
            assertEquals("stream timeout", client.body());
            assertNotNull(tries.get(0).resetReason());
            assertEquals("SI", ErrorCode.STREAM_IDLE_TIMEOUT.flag());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aClientThatFallsSilentIs408() {
        try (VirtualProxy proxy = proxy("")) {
            PlayedClient client = proxy.post("/").send("half", false);
            proxy.advance(JUST_BELOW.plus(A_TICK));
            assertEquals(408, client.status());
            assertEquals("stream timeout", client.body());
            assertNotNull(tries.get(0).resetReason());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void everyPieceOfEitherBodyBuysTheWholeTimeAgain() {
        try (VirtualProxy proxy = proxy("")) {
            PlayedClient client = proxy.post("/");
            for (int i = 0; i < 5; i++) {
                proxy.advance(JUST_BELOW);
                client.send("x", i == 4);
            }
            proxy.advance(JUST_BELOW);
            tries.get(0).begin(200);
            for (int i = 0; i < 5; i++) {
                proxy.advance(JUST_BELOW);
                tries.get(0).data("y", i == 4);
            }
            assertEquals(200, client.status());
            assertEquals("yyyyy", client.body());
            assertTrue(client.isComplete());
            proxy.advance(Duration.ofSeconds(5));
            assertNull(client.resetReason());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aResponseThatFallsSilentIsCut() {
        try (VirtualProxy proxy = proxy("")) {
            PlayedClient client = proxy.get("/");
            tries.get(0).begin(200).data("half", false);
            proxy.advance(JUST_BELOW.plus(A_TICK));
            assertEquals(200, client.status());
            assertNotNull(client.resetReason());
            assertEquals(ErrorCode.STREAM_IDLE_TIMEOUT, client.resetReason().code());
            assertNotNull(tries.get(0).resetReason());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aCallIsToldAsEnvoyTellsIt() {
        try (VirtualProxy proxy = proxy("")) {
            PlayedClient answered = proxy.grpc("/shop/Buy").send("message", true);
            PlayedClient halfway = proxy.grpc("/shop/Chat").send("message", false);
            proxy.advance(JUST_BELOW.plus(A_TICK));
            assertEquals("14", answered.header("grpc-status"));
            assertEquals("2", halfway.header("grpc-status"));
            assertEquals("stream timeout", halfway.header("grpc-message"));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aDelayOfAFaultIsSilenceToo() {
        try (VirtualProxy proxy = proxy("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}},")) {
            PlayedClient client = proxy.get("/");
            proxy.advance(JUST_BELOW.plus(A_TICK));
            assertEquals(504, client.status());
            proxy.advance(Duration.ofSeconds(10));
            assertEquals(List.of(), tries);
        }
    }

    @Test
    void theMeshsTimeHoldsWhereARouteSaysNothingAndARouteHasTheLastWord() {
        MeshOverrides mesh =
                MeshOverrides.parse(List.of("defaultConfig.proxyMetadata.SLUICE_STREAM_IDLE_TIMEOUT=500ms"));
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(""), mesh)) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(504));
            assertEquals(504, client.status());
        }
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml("").replace("metadata: {name: shop}", IDLE_1S.replace("1s", "0s")), mesh)) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofHours(1));
            assertEquals(0, client.status());
        }
    }
}
