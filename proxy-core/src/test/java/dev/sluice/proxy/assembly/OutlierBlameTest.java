package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an endpoint is blamed for (spec/istio-fields.md §12.6, spec/reliability.md: accept then hang). */
class OutlierBlameTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private static String yaml(String rule, String traffic) {
        return OneRoute.yaml(rule)
                + OneRoute.rule("outlierDetection: {consecutive5xxErrors: 0, consecutiveGatewayErrors: 2,"
                        + " maxEjectionPercent: 100}" + traffic);
    }

    private static Endpoint endpoint(VirtualProxy proxy) {
        return proxy.clusters().iterator().next().endpoints().all().get(0);
    }

    @Test
    void anEndpointThatLetsTheRoutesTimeoutPassIsEjectedAsForA504() {
        try (VirtualProxy proxy = new VirtualProxy(yaml("timeout: 300ms,", ""))) {
            proxy.server(PlayedTry::open);
            for (Health after : List.of(Health.HEALTHY, Health.EJECTED)) {
                PlayedClient client = proxy.get("/");
                proxy.advance(TIMEOUT);
                assertEquals(504, client.status());
                assertEquals(after, endpoint(proxy).health());
            }
            assertEquals(2, endpoint(proxy).failures());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aCallsOwnDeadlineCountsToo() {
        try (VirtualProxy proxy = new VirtualProxy(yaml("", ""))) {
            proxy.server(PlayedTry::open);
            for (int i = 0; i < 2; i++) {
                proxy.grpc("/shop/Buy", "grpc-timeout", "300m").send("message", true);
                proxy.advance(TIMEOUT);
            }
            assertEquals(Health.EJECTED, endpoint(proxy).health());
        }
    }

    @Test
    void aCallsStatusCountsInTheHeadAndNotInTheTrailers() {
        try (VirtualProxy proxy = new VirtualProxy(yaml("", ""))) {
            Headers trailers = H2Headers.create();
            trailers.add(AsciiString.of("grpc-status"), "14");
            proxy.server(next -> next.open().begin(200).attempt().onTrailers(trailers));
            for (int i = 0; i < 3; i++) {
                assertEquals(200, proxy.grpc("/shop/Buy").send("message", true).status());
            }
            assertEquals(Health.HEALTHY, endpoint(proxy).health());
            proxy.server(next -> next.open().answer(200, "grpc-status", "14"));
            for (int i = 0; i < 2; i++) {
                proxy.grpc("/shop/Buy").send("message", true);
            }
            assertEquals(Health.EJECTED, endpoint(proxy).health());
        }
    }

    @Test
    void anEndpointThatHasBegunToAnswerIsNotLate() {
        try (VirtualProxy proxy = new VirtualProxy(yaml("timeout: 300ms,", ""))) {
            proxy.server(next -> next.open().begin(200));
            for (int i = 0; i < 3; i++) {
                proxy.get("/");
                proxy.advance(TIMEOUT);
            }
            assertEquals(Health.HEALTHY, endpoint(proxy).health());
            assertEquals(0, endpoint(proxy).failures());
        }
    }

    @Test
    void anAnswerCountsFromItsHeadOnHoweverLongItLasts() {
        try (VirtualProxy proxy = new VirtualProxy(yaml("", ""))) {
            List<PlayedTry> streams = new ArrayList<>();
            proxy.server(next -> next.open().answer(503));
            proxy.get("/");
            proxy.server(next -> streams.add(next.open().begin(200)));
            proxy.get("/events");
            proxy.server(next -> next.open().answer(503));
            proxy.get("/");
            assertEquals(Health.HEALTHY, endpoint(proxy).health());
            streams.get(0).data("end", true);
            proxy.server(next -> next.open().begin(503));
            proxy.get("/");
            assertEquals(Health.EJECTED, endpoint(proxy).health());
        }
    }

    @Test
    void whoWaitsInLineForAConnectionUntilItsTimeIsOverBlamesNobody() {
        String one = ", connectionPool: {tcp: {maxConnections: 1}, http: {maxConcurrentStreams: 1}}";
        try (VirtualProxy proxy = VirtualProxy.withPools(yaml("timeout: 300ms,", one))) {
            proxy.server(PlayedTry::open);
            PlayedClient uploading = proxy.post("/");
            List<PlayedClient> waiting = List.of(proxy.get("/"), proxy.get("/"), proxy.get("/"));
            proxy.advance(TIMEOUT);
            waiting.forEach(client -> assertEquals(504, client.status()));
            assertEquals(0, uploading.status());
            assertEquals(Health.HEALTHY, endpoint(proxy).health());
            uploading.send("all", true);
            proxy.advance(TIMEOUT);
            proxy.assertNothingIsLeft();
        }
    }
}
