package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client of a Gateway meets, over real sockets, from YAML as a user writes it. */
class GatewayIT {
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
              - {name: v9, labels: {version: v9}}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 127.0.0.1, ports: {http: V1}, labels: {version: v1}}
              - {address: 127.0.0.1, ports: {http: V2}, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: ["*"]
              gateways: [gw]
              http:
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private TestUpstream v1;
    private TestUpstream v2;
    private TestProxy proxy;

    @BeforeEach
    void startUpstreams() throws IOException {
        v1 = new TestUpstream("v1");
        v2 = new TestUpstream("v2");
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        v1.close();
        v2.close();
    }

    @Test
    void aHeaderChoosesTheVersionAndTheRestIsSplitByWeight() throws Exception {
        start(
                """
              - match: [{headers: {end-user: {exact: jason}}}]
                route: [{destination: {host: reviews, subset: v2}}]
              - route:
                - {destination: {host: reviews, subset: v1}, weight: 75}
                - {destination: {host: reviews, subset: v2}, weight: 25}
            """);
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            answers.merge(get("/reviews").headers().firstValue("x-upstream").orElse("-"), 1, Integer::sum);
        }
        // Of 1,000 draws at 25 % more than 90 off are seen once in ten billion runs.
        assertTrue(Math.abs(answers.get("v2") - 250) <= 90, answers.toString());
        assertEquals(1_000, answers.get("v1") + answers.get("v2"));
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    "v2",
                    get("/", "end-user", "jason")
                            .headers()
                            .firstValue("x-upstream")
                            .orElse("-"));
        }
    }

    @Test
    void rewritesAndHeaderOperationsReachTheUpstreamAndTheClient() throws Exception {
        start(
                """
              - match: [{uri: {prefix: /api/}}]
                rewrite: {uri: /v2/, authority: inner.example.com}
                headers:
                  request: {set: {x-set: "1"}, add: {x-add: "%REQ(x-in)%"}, remove: [x-gone]}
                  response: {set: {x-from: sluice}, remove: [x-upstream]}
                route: [{destination: {host: reviews, subset: v1}}]
            """);
        HttpResponse<String> response = get("/api/books?id=7", "x-in", "seen", "x-gone", "here");
        assertEquals("v1 GET /v2/books?id=7 0", response.body());
        assertEquals("sluice", response.headers().firstValue("x-from").orElse("-"));
        assertTrue(response.headers().firstValue("x-upstream").isEmpty());
        TestUpstream.Seen seen = v1.seen().get(0);
        assertEquals("inner.example.com", seen.header("Host"));
        assertEquals("/api/books?id=7", seen.header("x-envoy-original-path"));
        assertEquals("1", seen.header("x-set"));
        assertEquals("seen", seen.header("x-add"));
        assertNull(seen.header("x-gone"));
    }

    /** spec/istio-fields.md §1.3 rule 1: how many are written counts, not how many have a weight. */
    @Test
    void shiftingAllTrafficToOneOfTwoDestinationsDoesNotChangeWhoseHeaderWins() throws Exception {
        start(
                """
              - headers:
                  request: {set: {x-level: route}}
                  response: {set: {x-level: route}}
                route:
                - destination: {host: reviews, subset: v1}
                  weight: 100
                  headers:
                    request: {set: {x-level: destination}}
                    response: {set: {x-level: destination}}
                - {destination: {host: reviews, subset: v2}, weight: 0}
            """);
        HttpResponse<String> response = get("/");
        assertEquals("route", response.headers().firstValue("x-level").orElse("-"));
        assertEquals("route", v1.seen().get(0).header("x-level"));
    }

    @Test
    void redirectsAndDirectResponsesNeverReachAnUpstream() throws Exception {
        start(
                """
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /new, redirectCode: 308}
              - match: [{uri: {exact: /teapot}}]
                directResponse: {status: 418, body: {string: short and stout}}
              - route: [{destination: {host: reviews, subset: v1}}]
            """);
        HttpResponse<String> redirect = get("/old?a=1");
        assertEquals(308, redirect.statusCode());
        assertEquals(
                proxy.url(8080) + "/new?a=1",
                redirect.headers().firstValue("location").orElse("-"));
        HttpResponse<String> direct = get("/teapot");
        assertEquals(418, direct.statusCode());
        assertEquals("short and stout", direct.body());
        assertEquals("text/plain", direct.headers().firstValue("content-type").orElse("-"));
        assertTrue(v1.seen().isEmpty());
    }

    @Test
    void whatCannotBeRoutedSaysWhyByItsCode() throws Exception {
        start(
                """
              - match: [{uri: {exact: /empty}}]
                route: [{destination: {host: reviews, subset: v9}}]
              - match: [{uri: {exact: /missing}}]
                route: [{destination: {host: nowhere}}]
              - match: [{uri: {exact: /there}}]
                route: [{destination: {host: reviews, subset: v1}}]
            """);
        assertCode(404, "NO_ROUTE", "", get("/"));
        assertCode(503, "NO_CLUSTER", "", get("/missing"));
        assertCode(503, "NO_HEALTHY_UPSTREAM", "no healthy upstream", get("/empty"));
        v1.close();
        HttpResponse<String> refused = get("/there");
        assertEquals(503, refused.statusCode());
        assertEquals(
                "CONNECT_FAILED", refused.headers().firstValue("x-sluice-code").orElse("-"));
    }

    @Test
    void preflightsOfAllowedOriginsAreAnsweredHere() throws Exception {
        start(
                """
              - corsPolicy:
                  allowOrigins: [{exact: "https://app.example.com"}]
                  allowMethods: [GET, POST]
                  allowCredentials: true
                  maxAge: 24h
                route: [{destination: {host: reviews, subset: v1}}]
            """);
        HttpResponse<String> preflight = send(HttpRequest.newBuilder()
                .uri(URI.create(proxy.url(8080) + "/x"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("origin", "https://app.example.com")
                .header("access-control-request-method", "POST"));
        assertEquals(200, preflight.statusCode());
        assertEquals(
                "https://app.example.com",
                preflight.headers().firstValue("access-control-allow-origin").orElse(""));
        assertEquals(
                "GET,POST",
                preflight.headers().firstValue("access-control-allow-methods").orElse(""));
        assertEquals(
                "86400",
                preflight.headers().firstValue("access-control-max-age").orElse(""));
        assertTrue(v1.seen().isEmpty());
        HttpResponse<String> actual = get("/x", "origin", "https://app.example.com");
        assertEquals(
                "true",
                actual.headers().firstValue("access-control-allow-credentials").orElse(""));
        assertTrue(get("/x", "origin", "https://evil.example.com")
                .headers()
                .firstValue("access-control-allow-origin")
                .isEmpty());
    }

    @Test
    void mirrorsGetACopyWithItsBodyAndTheClientHearsNothingOfIt() throws Exception {
        start(
                """
              - route: [{destination: {host: reviews, subset: v1}}]
                mirror: {host: reviews, subset: v2}
            """);
        HttpResponse<String> response = send(HttpRequest.newBuilder()
                .uri(URI.create(proxy.url(8080) + "/copy"))
                .POST(HttpRequest.BodyPublishers.ofString("hello")));
        assertEquals("v1 POST /copy 5", response.body());
        Awaitility.await().until(() -> v2.seen().size() == 1);
        assertEquals("hello", v2.seen().get(0).body());
        assertEquals(1, v1.seen().size());
    }

    @Test
    void aFaultOnARouteWithRetriesOrTimeoutIsDrawnForEachTry() throws Exception {
        start(
                """
              - match: [{uri: {exact: /slow}}]
                timeout: 200ms
                fault: {delay: {percentage: {value: 100}, fixedDelay: 60s}}
                route: [{destination: {host: reviews, subset: v1}}]
              - match: [{uri: {exact: /aborted}}]
                retries: {attempts: 2, retryOn: "503", backoff: 1ms}
                fault: {abort: {percentage: {value: 100}, httpStatus: 503}}
                route: [{destination: {host: reviews, subset: v1}}]
              - fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                route: [{destination: {host: reviews, subset: v1}}]
            """);
        assertCode(504, "TIMEOUT", "upstream request timeout", get("/slow"));
        assertCode(503, "FAULT_ABORT", "fault filter abort", get("/aborted"));
        assertCode(418, "FAULT_ABORT", "fault filter abort", get("/once"));
        assertTrue(v1.seen().isEmpty());
    }

    @Test
    void aReloadUnderLoadFailsNoRequest() throws Exception {
        String all = "  - route: [{destination: {host: reviews, subset: %s}}]\n";
        start(String.format(all, "v1"));
        for (int round = 0; round < 20; round++) {
            String version = round % 2 == 0 ? "v2" : "v1";
            proxy.reload(config(String.format(all, version)));
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> response = get("/");
                assertEquals(200, response.statusCode());
                assertEquals(
                        version, response.headers().firstValue("x-upstream").orElse("-"));
            }
        }
    }

    @Test
    void aDrainEndsRequestsInPeaceAndThenListensNoMore() throws Exception {
        start("  - route: [{destination: {host: reviews, subset: v1}}]\n");
        assertEquals(200, get("/").statusCode());
        assertTrue(proxy.proxy().drain(5_000));
    }

    private void start(String rules) throws Exception {
        proxy = TestProxy.start(config(rules));
    }

    private String config(String rules) {
        return GATEWAY.replace("V1", Integer.toString(v1.port())).replace("V2", Integer.toString(v2.port())) + rules;
    }

    private HttpResponse<String> get(String target, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder().uri(URI.create(proxy.url(8080) + target));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.version(HttpClient.Version.HTTP_1_1).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertCode(int status, String code, String body, HttpResponse<String> response) {
        assertEquals(status, response.statusCode());
        assertEquals(code, response.headers().firstValue("x-sluice-code").orElse("-"));
        assertEquals(body, response.body());
    }
}
