package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The configurations that this project started from, with the services that they name: what a client gets. Where a
 * document's time is too long to wait for, the test shortens it and nothing else.
 */
class ConceptsIT {
    private static final Path FOLDER = Path.of("..", "proxy-config", "src", "test", "resources", "concepts");
    private static final int OUTBOUND = 15_001;
    private static final int DRAWS = 1_000;
    private static final String MERE_CHANCE = "further off once in ten billion runs";

    private final Map<String, TestUpstream> upstreams = new TreeMap<>();
    private final List<ServerSocket> silent = new ArrayList<>();
    private TestProxy proxy;

    @BeforeEach
    void startUpstreams() throws IOException {
        for (String name : List.of("v1", "v2", "v3")) {
            upstreams.put(name, new TestUpstream(name));
        }
    }

    @AfterEach
    void stop() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
        upstreams.values().forEach(TestUpstream::close);
        for (ServerSocket socket : silent) {
            socket.close();
        }
    }

    @Test
    void bookinfoByPathPrefix() throws Exception {
        start(concept("bookinfo-by-path-prefix"), service("reviews", "v1"), service("ratings", "v2"));
        assertEquals("200 v1 GET /reviews/7", get("http://bookinfo.com/reviews/7"));
        assertEquals("200 v2 GET /ratings", get("http://bookinfo.com/ratings"));
        assertTrue(get("http://bookinfo.com/details").startsWith("404 "));
    }

    @Test
    void reviewsByHeaderElseV1() throws Exception {
        start(concept("reviews-by-header-else-v1"), service("reviews", "v1", "v2", "v3"), subsets("reviews"));
        assertEquals("200 v2 GET /", get("http://reviews/", "end-user", "jason"));
        assertEquals("200 v1 GET /", get("http://reviews/", "end-user", "jasper"));
        assertEquals("200 v1 GET /", get("http://reviews/"));
    }

    @Test
    void reviewsByHeaderElseV3() throws Exception {
        start(concept("reviews-by-header-else-v3"), service("reviews", "v1", "v2", "v3"), subsets("reviews"));
        assertEquals("200 v2 GET /", get("http://reviews/", "end-user", "jason"));
        assertEquals("200 v3 GET /", get("http://reviews/"));
    }

    @Test
    void reviewsWeighted75To25() throws Exception {
        start(concept("reviews-weighted-75-25"), service("reviews", "v1", "v2"), subsets("reviews"));
        Map<String, Integer> answers = answers("http://reviews/", DRAWS);
        assertEquals(750, answers.get("200 v1 GET /"), 90, MERE_CHANCE);
        assertEquals(
                DRAWS, answers.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void ratingsTimeout10s() throws Exception {
        start(concept("ratings-timeout-10s"), service("ratings", "v1"), subsets("ratings"));
        assertEquals("200 v1 GET /", get("http://ratings/"));
        restart(concept("ratings-timeout-10s").replace("10s", "100ms"), silent("ratings"), subsets("ratings"));
        assertEquals("504 upstream request timeout", get("http://ratings/"));
    }

    @Test
    void ratingsRetries3TimesWithin2s() throws Exception {
        start(concept("ratings-retries-3x2s"), refusing("ratings"), subsets("ratings"));
        assertTrue(get("http://ratings/").startsWith("503 "));
        assertEquals(4, cluster("ratings", "v1").endpoints().all().get(0).requests(), "one try and three more");
        restart(concept("ratings-retries-3x2s").replace("2s", "100ms"), silent("ratings"), subsets("ratings"));
        assertEquals("504 upstream request timeout", get("http://ratings/"), "a try that is late is not on the list");
        assertEquals(1, cluster("ratings", "v1").endpoints().all().get(0).requests());
    }

    @Test
    void ratingsDelayPerMille() throws Exception {
        String always = concept("ratings-delay-5s-per-mille").replace("0.1", "100");
        start(always.replace("5s", "150ms"), service("ratings", "v1"), subsets("ratings"));
        long before = System.nanoTime();
        assertEquals("200 v1 GET /", get("http://ratings/"));
        assertTrue(System.nanoTime() - before >= 150_000_000, "never earlier");
    }

    @Test
    void mySvcSubsetsAndBalancers() throws Exception {
        start(
                concept("my-svc-subsets-and-balancers"),
                service("my-svc", "v1", "v2", "v3"),
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: my-svc}
                spec:
                  hosts: [my-svc]
                  http:
                  - match: [{headers: {version: {exact: v2}}}]
                    route: [{destination: {host: my-svc, subset: v2}}]
                  - route: [{destination: {host: my-svc}}]
                """);
        assertEquals("200 v2 GET /", get("http://my-svc/", "version", "v2"));
        assertEquals(3, answers("http://my-svc/", 100).size(), "at random over all three");
    }

    @Test
    void reviewsV1MaxConnections100() throws Exception {
        start(
                concept("reviews-v1-max-connections-100"),
                service("reviews", "v1"),
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http: [{route: [{destination: {host: reviews, subset: v1}}]}]
                """);
        assertEquals("200 v1 GET /", get("http://reviews/"));
        assertEquals(100, cluster("reviews", "v1").connections().max());
    }

    @Test
    void sidecarEgressHosts() throws Exception {
        String registryOnly = concept("sidecar-egress-hosts") + "  outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n";
        ProxyIdentity identity = ProxyIdentity.of("bookinfo").withOutbound(new BindAddress("127.0.0.1", OUTBOUND));
        proxy = TestProxy.start(
                String.join(
                        "---\n",
                        registryOnly,
                        service("ratings", "v1").replace("{name: ratings}", "{name: ratings, namespace: bookinfo}"),
                        service("telemetry", "v2")
                                .replace("telemetry.default", "telemetry.istio-system")
                                .replace("{name: telemetry}", "{name: telemetry, namespace: istio-system}"),
                        service("hidden", "v3")
                                .replace("hidden.default", "hidden.other")
                                .replace("{name: hidden}", "{name: hidden, namespace: other}")),
                identity);
        assertEquals("200 v1 GET /", get("http://ratings.default.svc.cluster.local/"));
        assertEquals("200 v2 GET /", get("http://telemetry.istio-system.svc.cluster.local/"));
        assertTrue(get("http://hidden.other.svc.cluster.local/").startsWith("502 "));
        assertEquals(List.of(), upstreams.get("v3").seen());
    }

    @Test
    void versionSubsets10To90() throws Exception {
        start(concept("version-subsets-10-90"), concept("version-deployments-and-services"), slices("version"));
        assertEquals(100, answers("http://version:8080/", DRAWS).get("200 v1 GET /"), 66, MERE_CHANCE);
    }

    @Test
    void versionServices10To90() throws Exception {
        start(
                concept("version-services-10-90"),
                concept("version-deployments-and-services"),
                slices("version"),
                slice("version-v1", "v1"),
                slice("version-v2", "v2"));
        assertEquals(100, answers("http://version:8080/", DRAWS).get("200 v1 GET /"), 66, MERE_CHANCE);
    }

    @Test
    void versionBehindGateway() throws Exception {
        start(concept("version-behind-gateway"), concept("version-deployments-and-services"), slice("version", "v2"));
        assertEquals("200 v2 GET /", get(80, "http://ssup2.com/"));
        assertTrue(get(80, "http://other.com/").startsWith("404 "));
    }

    private static String concept(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name + ".yaml"));
    }

    private void start(String... documents) throws Exception {
        proxy = TestProxy.start(
                String.join("---\n", documents),
                ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", OUTBOUND)));
    }

    private void restart(String... documents) throws Exception {
        proxy.close();
        start(documents);
    }

    private String service(String name, String... versions) {
        List<String> endpoints = new ArrayList<>();
        for (String version : versions) {
            endpoints.add(endpoint(upstreams.get(version).port(), version));
        }
        return service(name, endpoints);
    }

    /** One endpoint, as version v1, that takes connections and never answers: its backlog is all there is. */
    private String silent(String name) throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        silent.add(socket);
        return service(name, List.of(endpoint(socket.getLocalPort(), "v1")));
    }

    /** One endpoint, as version v1, that refuses connections. */
    private static String refusing(String name) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return service(name, List.of(endpoint(socket.getLocalPort(), "v1")));
        }
    }

    private static String endpoint(int port, String version) {
        return "{address: 127.0.0.1, ports: {http: " + port + "}, labels: {version: " + version + "}}";
    }

    private static String service(String name, List<String> endpoints) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: NAME}
                spec:
                  hosts: [NAME.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints: ENDPOINTS
                """
                .replace("NAME", name)
                .replace("ENDPOINTS", endpoints.toString());
    }

    private static String subsets(String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: HOST}
                spec:
                  host: HOST
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                  - {name: v3, labels: {version: v3}}
                """
                .replace("HOST", host);
    }

    /** A pod of each of the two Deployments, as the Service sees them. */
    private String slices(String service) {
        return slice(service, "v1") + "---\n" + slice(service, "v2");
    }

    private String slice(String service, String version) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: SERVICE-VERSION-x7k2p
                  labels: {kubernetes.io/service-name: SERVICE}
                addressType: IPv4
                ports: [{name: http, port: PORT}]
                endpoints:
                - addresses: [127.0.0.1]
                  targetRef: {kind: Pod, name: version-VERSION-5d8f7c9b6-abcde}
                """
                .replace("SERVICE", service)
                .replace("VERSION", version)
                .replace("PORT", Integer.toString(upstreams.get(version).port()));
    }

    private Cluster cluster(String service, String subset) {
        return proxy.proxy().clusters().clusters().stream()
                .filter(cluster -> cluster.key().host().startsWith(service + ".")
                        && subset.equals(cluster.key().subset()))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Integer> answers(String url, int times) throws IOException, InterruptedException {
        Map<String, Integer> answers = new TreeMap<>();
        HttpClient client = client(OUTBOUND);
        for (int i = 0; i < times; i++) {
            answers.merge(get(client, url), 1, Integer::sum);
        }
        return answers;
    }

    private String get(String url, String... headers) throws IOException, InterruptedException {
        return get(client(OUTBOUND), url, headers);
    }

    private String get(int port, String url) throws IOException, InterruptedException {
        return get(client(port), url);
    }

    private HttpClient client(int port) {
        InetSocketAddress address = proxy.address(port);
        return HttpClient.newBuilder().proxy(ProxySelector.of(address)).build();
    }

    /** Status and body, as {@link TestUpstream} writes it without the number of bytes. */
    private static String get(HttpClient client, String url, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().replaceFirst(" 0$", "");
    }
}
