package dev.sluice.proxy.e2e.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.proxy.e2e.fixture.AdminProcess;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of the admin port against traffic of which every request is known. */
class AdminTrafficIT {
    private static final String SHOP =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: shop}
            spec:
              hosts: [shop.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints:
              - {address: 127.0.0.1, ports: {http: PORT}, labels: {app: shop, version: v1}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: shop}
            spec:
              host: shop.default.svc.cluster.local
              trafficPolicy:
                connectionPool: {http: {http2MaxRequests: 2}}
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop}
            spec:
              hosts: [shop.default.svc.cluster.local]
              http:
              - match: [{uri: {prefix: /gone}}]
                directResponse: {status: 410}
              - route: [{destination: {host: shop.default.svc.cluster.local, subset: v1}}]
                retries: {attempts: 0}
            """;

    private static final String URL = "http://shop.default.svc.cluster.local";

    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    private Path logs;

    @TempDir
    private Path folder;

    private HttpServer upstream;
    private Path accessLog;
    private AdminProcess process;

    @BeforeEach
    void start() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/held")) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.sendResponseHeaders(path.equals("/broken") ? 500 : 200, 5);
            exchange.getResponseBody().write("12345".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        upstream.start();
        accessLog = logs.resolve("access.log");
        process = AdminProcess.start(
                folder,
                SHOP.replace("PORT", Integer.toString(upstream.getAddress().getPort())),
                "--access-log",
                accessLog.toString());
    }

    @AfterEach
    void stop() {
        release.countDown();
        process.close();
        upstream.stop(0);
        threads.shutdownNow();
    }

    private JsonNode cluster() throws IOException {
        String body = process.admin().get("/clusters?format=json").body();
        for (JsonNode cluster : json.readTree(body).get("clusters")) {
            if (cluster.path("subset").asText().equals("v1")) {
                return cluster;
            }
        }
        throw new AssertionError(body);
    }

    private String samples(String filter) throws IOException {
        return process.admin().get("/stats?filter=" + filter).body();
    }

    /** The value of the only sample whose line holds all of {@code parts}. */
    private double sample(String... parts) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line :
                process.admin().get("/stats/prometheus").body().lines().toList()) {
            if (!line.startsWith("#") && List.of(parts).stream().allMatch(line::contains)) {
                found.add(line);
            }
        }
        assertEquals(1, found.size(), () -> List.of(parts) + " in " + found);
        return Double.parseDouble(found.get(0).substring(found.get(0).lastIndexOf(' ') + 1));
    }

    @Test
    void aClusterAtRest() throws IOException {
        assertEquals(
                json.readTree(
                        """
                        {"host": "shop.default.svc.cluster.local", "subset": "v1", "port": 80,
                         "activeRequests": 0, "pendingRequests": 0, "activeConnections": 0, "breaker": "closed",
                         "endpoints": [{"address": "127.0.0.1:PORT", "state": "healthy", "ejectedForMs": 0,
                                        "activeRequests": 0, "requests": 0, "failures": 0}]}
                        """
                                .replace(
                                        "PORT",
                                        Integer.toString(upstream.getAddress().getPort()))),
                cluster());
    }

    @Test
    void aRequestInFlightIsActiveUntilItIsAnswered() throws Exception {
        CompletableFuture<HttpResponse<String>> held = process.begin(URL + "/held");
        Awaitility.await().until(() -> cluster().get("activeRequests").asInt() == 1);
        JsonNode busy = cluster();
        assertEquals(1, busy.get("activeConnections").asInt());
        assertEquals(1, busy.at("/endpoints/0/activeRequests").asInt());
        assertEquals(1, busy.at("/endpoints/0/requests").asInt());
        assertEquals("closed", busy.get("breaker").asText());
        assertEquals(1, sample("sluice_cluster_active_requests{", "subset=\"v1\""));
        release.countDown();
        assertEquals(200, held.get().statusCode());
        Awaitility.await().until(() -> cluster().get("activeRequests").asInt() == 0);
        assertEquals(0, cluster().at("/endpoints/0/activeRequests").asInt());
        assertEquals(0, cluster().at("/endpoints/0/failures").asInt());
    }

    @Test
    void theBreakerIsOpenWhileALimitRefuses() throws Exception {
        CompletableFuture<HttpResponse<String>> first = process.begin(URL + "/held");
        CompletableFuture<HttpResponse<String>> second = process.begin(URL + "/held");
        Awaitility.await().until(() -> cluster().get("breaker").asText().equals("open"));
        HttpResponse<String> refused = process.get(URL + "/");
        assertEquals(503, refused.statusCode());
        assertEquals(
                "BREAKER_OPEN", refused.headers().firstValue("x-sluice-code").orElse(""));
        release.countDown();
        first.get();
        second.get();
        Awaitility.await().until(() -> cluster().get("breaker").asText().equals("closed"));
        assertEquals(2, cluster().at("/endpoints/0/requests").asInt());
        assertEquals(1, sample("sluice_cluster_refused_total{", "subset=\"v1\"", "limit=\"requests\""));
        Awaitility.await()
                .untilAsserted(() -> assertEquals(
                        1, sample("istio_requests_total{", "response_code=\"503\"", "response_flags=\"UO\"")));
    }

    @Test
    void retriesAndEjectionsAreCounted() throws Exception {
        process.edit(
                SHOP.replace("PORT", Integer.toString(upstream.getAddress().getPort()))
                        .replace(
                                "retries: {attempts: 0}",
                                "retries: {attempts: 2, retryOn: 5xx, retryRemoteLocalities: false}")
                        .replace(
                                "connectionPool: {http: {http2MaxRequests: 2}}",
                                "outlierDetection: {consecutive5xxErrors: 3, baseEjectionTime: 600s, maxEjectionPercent: 100}"));
        Awaitility.await().until(() -> sample("sluice_config_reloads_total") == 2);
        assertEquals(500, process.get(URL + "/broken").statusCode());
        Awaitility.await().until(() -> sample("sluice_cluster_ejections_total{", "subset=\"v1\"") == 1);
        assertEquals(2, sample("sluice_cluster_retries_total{", "subset=\"v1\""));
        assertEquals(0, sample("sluice_cluster_healthy_endpoints{", "subset=\"v1\""));
        assertEquals("ejected", cluster().at("/endpoints/0/state").asText());
        Awaitility.await("one request, whatever its tries")
                .untilAsserted(() -> assertEquals(1, sample("istio_requests_total{", "response_code=\"500\"")));
    }

    @Test
    void requestsAndFailuresAreCounted() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(200, process.get(URL + "/").statusCode());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(500, process.get(URL + "/broken").statusCode());
        }
        Awaitility.await()
                .until(() -> cluster().at("/endpoints/0/activeRequests").asInt() == 0);
        assertEquals(8, cluster().at("/endpoints/0/requests").asInt());
        assertEquals(3, cluster().at("/endpoints/0/failures").asInt());
        String endpoint = "outbound|80|v1|shop.default.svc.cluster.local::127.0.0.1:"
                + upstream.getAddress().getPort() + "::";
        String lines = process.admin().get("/clusters").body();
        for (String line :
                List.of("rq_total::8", "rq_error::3", "rq_success::5", "rq_active::0", "health_flags::healthy")) {
            assertTrue(lines.contains(endpoint + line + "\n"), line + " in " + lines);
        }
    }

    @Test
    void theScrapeHoldsWhatWasServedUnderIstiosNames() throws Exception {
        for (int i = 0; i < 4; i++) {
            process.get(URL + "/");
        }
        process.get(URL + "/broken");
        process.get(URL + "/broken");
        process.get(URL + "/gone");
        Awaitility.await().until(() -> samples("istio_requests_total.*410").contains(": 1\n"));
        String[] good = {
            "reporter=\"source\"",
            "destination_service=\"shop.default.svc.cluster.local\"",
            "destination_service_name=\"shop\"",
            "destination_app=\"shop\"",
            "destination_version=\"v1\"",
            "request_protocol=\"http\"",
            "response_code=\"200\"",
            "response_flags=\"-\""
        };
        assertEquals(4, sample(with(good, "istio_requests_total{")));
        assertEquals(2, sample("istio_requests_total{", "response_code=\"500\""));
        assertEquals(20, sample(with(good, "istio_response_bytes_sum{")));
        assertEquals(4, sample(with(good, "istio_response_bytes_bucket{", "le=\"5\"}")));
        assertEquals(0, sample(with(good, "istio_response_bytes_bucket{", "le=\"1\"}")));
        assertEquals(0, sample(with(good, "istio_response_bytes_bucket{", "le=\"0.5\"}")));
        assertEquals(4, sample(with(good, "istio_request_duration_milliseconds_count{")));
        assertEquals(4, sample(with(good, "istio_request_duration_milliseconds_bucket{", "le=\"+Inf\"}")));
        String scrape = process.admin().get("/stats/prometheus").body();
        assertTrue(scrape.contains("# TYPE istio_requests_total counter\n"));
        assertTrue(scrape.contains("# TYPE istio_request_duration_milliseconds histogram\n"));
        assertTrue(scrape.contains("sluice_event_loop_blocked_total{loop=\"0\"}"));
        assertFalse(scrape.contains(".0\"}"), "bounds as Envoy writes them");
    }

    private static String[] with(String[] labels, String... more) {
        List<String> all = new ArrayList<>(List.of(labels));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void theAccessLogIsWrittenBesideTheMetricsAndReopened() throws Exception {
        process.get(URL + "/one");
        Awaitility.await().until(() -> Files.readString(accessLog).contains("GET /one"));
        Files.move(accessLog, accessLog.resolveSibling("access.log.1"));
        process.process().reopenLogs();
        process.get(URL + "/two");
        Awaitility.await()
                .until(() ->
                        Files.exists(accessLog) && Files.readString(accessLog).contains("GET /two"));
        assertEquals(0, sample("sluice_access_log_dropped_total"));
    }

    /** It is reset, not answered, and it must be possible to find out why. */
    @Test
    void aMalformedHttp2RequestIsCountedAndLogged() throws Exception {
        try (WireH2 client = new WireH2(process.outbound())) {
            client.headers(1, true, WireH2.request("GET", "user-agent", "old", "connection", "close"));
            assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.endOf(1));
        }
        Awaitility.await().until(() -> Files.readString(accessLog).endsWith("\n"));
        String line = Files.readString(accessLog);
        assertTrue(line.contains("\"GET / HTTP/2\" 0 DPE bad_request - \"-\" 0 0 "), line);
        assertTrue(line.contains(" \"old\" "), line);
        assertTrue(line.endsWith(" BAD_REQUEST\n"), line);
        assertEquals(1, line.lines().count());
        assertEquals(1, sample("istio_requests_total{", "response_code=\"0\"", "response_flags=\"DPE\""));
    }

    @Test
    void aReloadKeepsCountsAndForgetsClustersThatAreGone() throws Exception {
        process.get(URL + "/");
        process.edit(SHOP.replace("PORT", Integer.toString(upstream.getAddress().getPort()))
                .replace("attempts: 0", "attempts: 1"));
        Awaitility.await().until(() -> sample("sluice_config_reloads_total") == 2);
        process.get(URL + "/");
        Awaitility.await()
                .untilAsserted(() -> assertEquals(2, sample("istio_requests_total{", "response_code=\"200\"")));
        process.edit("apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 80}]}\n");
        Awaitility.await().until(() -> sample("sluice_config_reloads_total") == 3);
        assertFalse(samples("sluice_cluster_").contains("shop"));
    }

    @Test
    void theAdminPortIsNoDestination() throws Exception {
        int port = process.admin().address().getPort();
        assertEquals(
                403, process.get("http://127.0.0.1:" + port + "/config_dump").statusCode());
    }
}
