package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.stream.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each policy keeps its promise beside each other one, over each protocol, and nothing stays counted afterwards. The
 * upstream answers some requests, fails some, and keeps some waiting for two seconds.
 */
class PolicyPairsTest {
    private static final int OF_EACH = 8;
    private static final int LIMIT = 5;

    enum Policy {
        TIMEOUT("timeout: 500ms,", ""),
        RETRY("retries: {attempts: 1, retryOn: 5xx},", ""),
        FAULT("fault: {delay: {percentage: {value: 100}, fixedDelay: 300ms}},", ""),
        BREAKER("", "connectionPool: {http: {http2MaxRequests: " + LIMIT + "}},"),
        OUTLIER("", "outlierDetection: {consecutive5xxErrors: 2, interval: 60s, maxEjectionPercent: 50},"),
        MIRROR("mirror: {host: mirror.example.com},", "");

        private final String rule;
        private final String traffic;

        Policy(String rule, String traffic) {
            this.rule = rule;
            this.traffic = traffic;
        }
    }

    enum Protocol {
        H1,
        H2,
        GRPC
    }

    private final List<PlayedTry> late = new ArrayList<>();
    private final List<PlayedClient> good = new ArrayList<>();
    private final List<PlayedClient> bad = new ArrayList<>();
    private final List<PlayedClient> slow = new ArrayList<>();
    private int shadows;
    private int waitingAtOnce;

    static Stream<Arguments> pairs() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> Stream.of(Policy.values()).flatMap(one -> Stream.of(Policy.values())
                        .filter(other -> other.compareTo(one) > 0)
                        .map(other -> Arguments.of(one, other, protocol))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachKeepsItsPromiseBesideTheOther(Policy one, Policy other, Protocol protocol) {
        hold(one, other, protocol, new VirtualProxy(yaml(EnumSet.of(one, other))));
    }

    /** The same down to the connections: none of them stays counted either. */
    @ParameterizedTest
    @MethodSource("pairs")
    void eachKeepsItsPromiseBesideTheOtherWithThePools(Policy one, Policy other, Protocol protocol) {
        String yaml = yaml(EnumSet.of(one, other));
        String spoken = protocol == Protocol.H1
                ? yaml.replace("name: web, protocol: HTTP2", "name: web, protocol: HTTP")
                : yaml;
        hold(one, other, protocol, VirtualProxy.withPools(spoken));
    }

    private void hold(Policy one, Policy other, Protocol protocol, VirtualProxy started) {
        Set<Policy> both = EnumSet.of(one, other);
        try (VirtualProxy proxy = started) {
            proxy.server(next -> serve(next, protocol))
                    .speaking(protocol == Protocol.H2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
            send(proxy, "/good", good, protocol);
            send(proxy, "/bad", bad, protocol);
            send(proxy, "/slow", slow, protocol);
            proxy.advance(Duration.ofSeconds(2));
            List.copyOf(late).forEach(attempt -> answer(attempt, protocol));
            proxy.advance(Duration.ofSeconds(2));
            all().forEach(client -> assertTrue(client.isComplete()));
            for (Policy policy : both) {
                check(policy, proxy);
            }
            if (!both.containsAll(EnumSet.of(Policy.BREAKER, Policy.FAULT))) {
                good.forEach(client -> assertEquals(200, client.status()));
            }
            proxy.assertNothingIsLeft();
        }
    }

    private void check(Policy policy, VirtualProxy proxy) {
        switch (policy) {
            case TIMEOUT -> {
                all().forEach(client -> assertTrue(
                        client.answeredAfter().toMillis() <= 510,
                        client.answeredAfter().toString()));
                assertTrue(slow.stream().anyMatch(client -> "TIMEOUT".equals(client.header("x-sluice-code"))));
            }
            case RETRY ->
                bad.forEach(client -> assertEquals(2, client.exchange().attempts()));
            case FAULT ->
                all().forEach(client -> assertTrue(
                        client.answeredAfter().toMillis() >= 300,
                        client.answeredAfter().toString()));
            case BREAKER -> {
                assertEquals(LIMIT, waitingAtOnce, "the limit is reached and never exceeded");
                assertTrue(slow.stream().anyMatch(client -> "BREAKER_OPEN".equals(client.header("x-sluice-code"))));
            }
            case OUTLIER -> {
                Cluster shop = cluster(proxy);
                assertEquals(1, shop.endpoints().healthy().size(), "one of two may be ejected, and is");
            }
            case MIRROR -> {
                // A call that is refused before its message came has nothing more to show to a mirror.
                long cutShort = slow.stream()
                        .filter(client ->
                                client.exchange().isGrpc() && "BREAKER_OPEN".equals(client.header("x-sluice-code")))
                        .count();
                assertEquals(3 * OF_EACH - cutShort, shadows);
            }
        }
    }

    private static Cluster cluster(VirtualProxy proxy) {
        return proxy.clusters().stream()
                .filter(cluster -> cluster.key().host().equals("shop.example.com"))
                .findFirst()
                .orElseThrow();
    }

    /** Takes a request and, as servers do, answers once it is complete. */
    private void serve(PlayedTry attempt, Protocol protocol) {
        attempt.open();
        attempt.attempt().exchange().whenRequestEnded(() -> served(attempt, protocol));
    }

    private void served(PlayedTry attempt, Protocol protocol) {
        Cluster cluster = attempt.attempt().cluster();
        if (cluster != null && cluster.key().host().equals("mirror.example.com")) {
            shadows++;
            answer(attempt, protocol);
            return;
        }
        switch (attempt.attempt().exchange().request().path()) {
            case "/bad" -> attempt.answer(503);
            case "/slow" -> {
                late.removeIf(earlier -> earlier.attempt().isEnded());
                late.add(attempt);
                waitingAtOnce = Math.max(waitingAtOnce, late.size());
            }
            default -> answer(attempt, protocol);
        }
    }

    private static void answer(PlayedTry attempt, Protocol protocol) {
        if (protocol == Protocol.GRPC) {
            attempt.answer(200, "grpc-status", "0");
        } else {
            attempt.answer(200);
        }
    }

    private static void send(VirtualProxy proxy, String path, List<PlayedClient> clients, Protocol protocol) {
        for (int i = 0; i < OF_EACH; i++) {
            clients.add(protocol == Protocol.GRPC ? proxy.grpc(path).send("", true) : proxy.get(path));
        }
    }

    private List<PlayedClient> all() {
        return Stream.of(good, bad, slow).flatMap(List::stream).toList();
    }

    private static String yaml(Set<Policy> policies) {
        StringBuilder rule = new StringBuilder();
        StringBuilder traffic = new StringBuilder();
        for (Policy policy : policies) {
            rule.append(policy.rule);
            traffic.append(policy.traffic);
        }
        return OneRoute.yaml(rule.toString(), 2)
                + OneRoute.rule(traffic.toString())
                + """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mirror}
                spec:
                  hosts: [mirror.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: web, protocol: HTTP2}]
                  endpoints: [{address: 10.2.0.1}]
                """;
    }
}
