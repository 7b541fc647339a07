package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy in one region and endpoints in three: who is asked while all are well, and who once some are not. */
class LocalityIT {
    private static final String OUTLIERS =
            "outlierDetection: {consecutive5xxErrors: 1, interval: 1h, baseEjectionTime: 1h, maxEjectionPercent: 100}";
    private static final String NO_RETRIES = "retries: {attempts: 0},";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, TestUpstream> upstreams = new LinkedHashMap<>();
    private @Nullable TestProxy proxy;

    @BeforeEach
    void startUpstreams() throws IOException {
        for (String place : new String[] {"eu/a", "us/a", "as/a"}) {
            upstreams.put(place, new TestUpstream(place.substring(0, 2)));
        }
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        upstreams.values().forEach(TestUpstream::close);
    }

    @Test
    void trafficStaysInItsRegionAndFailsOverToTheRegionThatIsNamed() throws Exception {
        start(NO_RETRIES, OUTLIERS + ", loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}");
        assertEquals(Map.of("200 eu", 20), get(20));
        upstream("eu/a").answer(500);
        assertEquals(Map.of("500 eu", 1, "200 us", 19), get(20));
        upstream("us/a").answer(500);
        assertEquals(Map.of("500 us", 1, "200 as", 19), get(20));
    }

    @Test
    void withoutASettingTrafficStaysInItsRegionToo() throws Exception {
        start(NO_RETRIES, OUTLIERS);
        assertEquals(Map.of("200 eu", 20), get(20));
        upstream("eu/a").answer(500);
        Map<String, Integer> answers = get(21);
        assertEquals(1, answers.get("500 eu"));
        assertNull(answers.get("200 eu"));
    }

    @Test
    void withTheDefaultMaxEjectionPercentNobodyOfThreeIsEjectedAndNothingFailsOver() throws Exception {
        start(
                NO_RETRIES,
                "outlierDetection: {consecutive5xxErrors: 1, interval: 1h, baseEjectionTime: 1h},"
                        + " loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}");
        upstream("eu/a").answer(500);
        assertEquals(Map.of("500 eu", 20), get(20));
    }

    @Test
    void oneRegionMayBeEjectedWholeForMaxEjectionPercentIsOfAllEndpoints() throws Exception {
        start(
                NO_RETRIES,
                OUTLIERS.replace("100}", "34}")
                        + ", loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}");
        upstream("eu/a").answer(500);
        assertEquals(Map.of("500 eu", 1, "200 us", 19), get(20));
        upstream("us/a").answer(500);
        assertEquals(Map.of("500 us", 20), get(20), "a second one of three would be too many");
    }

    @Test
    void sharesAreThoseOfDistribute() throws Exception {
        start(
                "",
                "loadBalancer: {simple: ROUND_ROBIN, localityLbSetting: {distribute: ["
                        + "{from: us, to: {us: 100}}, {from: eu, to: {eu/*: 75, us/a/*: 25}}]}}");
        Map<String, Integer> answers = get(100);
        assertEquals(Set.of("200 eu", "200 us"), answers.keySet());
        assertEquals(75, answers.get("200 eu"), 1, "at any time at most one off");
    }

    @Test
    void failoverPriorityGoesByLabels() throws Exception {
        start(NO_RETRIES, OUTLIERS + ", loadBalancer: {localityLbSetting: {failoverPriority: [tier=gold, rack=r1]}}");
        assertEquals(Map.of("200 us", 20), get(20), "gold and in the rack");
        upstream("us/a").answer(500);
        assertEquals(Map.of("500 us", 1, "200 eu", 19), get(20), "gold, in another rack");
    }

    @Test
    void aRetryLeavesARegionThatFailsWhereRemoteOnesMayBeTried() throws Exception {
        upstreams.get("eu/a").close();
        start(
                "retries: {attempts: 3, retryOn: connect-failure, retryRemoteLocalities: true},",
                "outlierDetection: {consecutive5xxErrors: 0, maxEjectionPercent: 0}");
        Map<String, Integer> answers = get(10);
        assertEquals(10, answers.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(answers.keySet().stream().allMatch(answer -> answer.startsWith("200 ")), answers.toString());
    }

    private TestUpstream upstream(String place) {
        TestUpstream found = upstreams.get(place);
        if (found == null) {
            throw new AssertionError(place);
        }
        return found;
    }

    private Map<String, Integer> get(int times) throws IOException, InterruptedException {
        if (proxy == null) {
            throw new AssertionError("not started");
        }
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(proxy.url(8080) + "/")).build(),
                    HttpResponse.BodyHandlers.ofString());
            String body = response.body();
            answers.merge(response.statusCode() + " " + body.substring(0, Math.min(2, body.length())), 1, Integer::sum);
        }
        return answers;
    }

    private void start(String rule, String policy) throws Exception {
        StringBuilder endpoints = new StringBuilder();
        upstreams.forEach((place, upstream) -> endpoints
                .append("\n  - {address: 127.0.0.1, locality: ")
                .append(place)
                .append(", ports: {web: ")
                .append(upstream.port())
                .append("}, labels: {tier: ")
                .append(place.startsWith("as") ? "iron" : "gold")
                .append(", rack: ")
                .append(place.startsWith("us") ? "r1" : "r2")
                .append("}}"));
        String shop = Shop.yaml(1, "HTTP", rule)
                .replace("endpoints: [{address: 127.0.0.1, ports: {web: 1}}]", "endpoints:" + endpoints);
        proxy = TestProxy.start(
                shop
                        + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec:
                  host: shop.example.com
                  trafficPolicy: {POLICY}
                """
                                .replace("POLICY", policy),
                ProxyIdentity.of("default").withLocality("eu/a"));
    }
}
