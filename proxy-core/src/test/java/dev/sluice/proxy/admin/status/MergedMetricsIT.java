package dev.sluice.proxy.admin.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.admin.MetricsText;
import dev.sluice.proxy.admin.scrape.AppMetrics;
import dev.sluice.proxy.admin.scrape.AppScraper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One scrape, the proxy's metrics and the app's: whatever the app does, the proxy's arrive, and in a form that can be read. */
class MergedMetricsIT {
    private static final String OWN = "own_requests_total 3.0\n";
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final HttpClient scraper = HttpClient.newHttpClient();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> broken = new LinkedBlockingQueue<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private ServerSocket app;
    private StatusServer server;
    private volatile App script;

    /** What the app does with a connection, once it has read the request. */
    private interface App {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        Counter.builder("own_requests_total").register(registry).increment(3);
        app = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server = new StatusServer();
        Thread thread = new Thread(this::serve, "app");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!app.isClosed()) {
            try (Socket socket = app.accept()) {
                asked.add(head(socket.getInputStream()));
                script.answer(socket.getOutputStream());
            } catch (IOException e) {
                // The scrape was over, or the test is.
                broken.add(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int next;
        while (head.indexOf("\r\n\r\n") < 0 && (next = in.read()) >= 0) {
            head.append((char) next);
        }
        return head.toString();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        app.close();
        registry.close();
    }

    private URI page() throws IOException {
        AppMetrics metrics = new AppMetrics(app.getLocalPort(), "/m?x=y");
        StatusPage.Responder both =
                StatusPorts.withApp(new MetricsText(registry), new AppScraper(metrics, server.loop(), registry));
        int port = server.bind(
                        new BindAddress("127.0.0.1", 0),
                        List.of(new StatusPage("/stats/prometheus", "GET", false, both)))
                .getPort();
        return URI.create("http://127.0.0.1:" + port + "/stats/prometheus");
    }

    private HttpResponse<String> scrape(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(page());
        return scraper.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private static byte[] whole(String type, String body) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private double failures() {
        return registry.get("sluice_app_scrape_failures_total").counter().count();
    }

    @Test
    void bothAreThere() throws Exception {
        script = out -> out.write(whole(TEXT, "# TYPE app_é counter\napp_é 1\nlast 2"));
        HttpResponse<String> answer = scrape(
                "Accept",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;q=0.6,text/plain;q=0.5",
                "User-Agent",
                "Prometheus/3",
                "X-Prometheus-Scrape-Timeout-Seconds",
                "30");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().firstValue("content-type").get());
        assertTrue(answer.body().contains(OWN), answer.body());
        assertTrue(answer.body().endsWith("# TYPE app_é counter\napp_é 1\nlast 2\n"), answer.body());
        String request = asked.take();
        assertTrue(request.startsWith("GET /m?x=y HTTP/1.1\r\n"), request);
        assertTrue(request.contains("accept: text/plain;q=0.5\r\n"), request);
        assertTrue(request.contains("user-agent: Prometheus/3\r\n"), request);
        assertTrue(request.contains("X-Prometheus-Scrape-Timeout-Seconds: 30\r\n"), request);
        assertEquals(0, failures());
    }

    @Test
    void openMetricsHasOneEnd() throws Exception {
        script = out -> out.write(whole(OPEN, "# TYPE app counter\napp_total 1\n# EOF\n"));
        HttpResponse<String> answer = scrape("Accept", "application/openmetrics-text");
        assertEquals(OPEN, answer.headers().firstValue("content-type").get());
        assertTrue(answer.body().contains("# TYPE own_requests counter\n"), answer.body());
        assertTrue(answer.body().contains(OWN), answer.body());
        assertTrue(answer.body().endsWith("\napp_total 1\n# EOF\n"), answer.body());
        assertEquals(answer.body().indexOf("# EOF"), answer.body().lastIndexOf("# EOF"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\napp 1",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\napp 1",
                "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.google.protobuf\r\nContent-Length: 5\r\n\r\napp 1",
                "SSH-2.0-OpenSSH\r\n",
                ""
            })
    void anAppThatFailsTakesNothingAway(String answer) throws Exception {
        script = out -> out.write(answer.getBytes(StandardCharsets.US_ASCII));
        HttpResponse<String> scraped = scrape();
        assertEquals(200, scraped.statusCode());
        assertTrue(scraped.body().contains(OWN), scraped.body());
        assertFalse(scraped.body().contains("app 1"), scraped.body());
        assertEquals(1, failures());
    }

    @Test
    void anAppThatIsNotThereTakesNothingAway() throws Exception {
        URI page = page();
        app.close();
        String body = scraper.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                .body();
        assertTrue(body.contains(OWN), body);
        assertEquals(1, failures());
    }

    @Test
    void anAppThatSaysNothingIsNotWaitedForBeyondTheScrapersTime() throws Exception {
        BlockingQueue<String> never = new LinkedBlockingQueue<>();
        script = out -> never.take();
        String body = scrape("X-Prometheus-Scrape-Timeout-Seconds", "0.5").body();
        assertTrue(body.contains(OWN), body);
        assertEquals(1, failures());
        never.add("the test is over");
    }

    @Test
    void whatBreaksOffEndsWithAWholeLine() throws Exception {
        script = out -> out.write(
                ("HTTP/1.1 200 OK\r\nContent-Type: " + OPEN + "\r\nContent-Length: 900\r\n\r\napp_total 1\napp_to")
                        .getBytes(StandardCharsets.US_ASCII));
        String body = scrape().body();
        assertTrue(body.contains(OWN), body);
        assertTrue(body.endsWith("\napp_total 1\n# EOF\n"), body);
        assertEquals(1, failures());
    }

    @Test
    void whatTakesTooLongEndsWithAWholeLine() throws Exception {
        BlockingQueue<String> never = new LinkedBlockingQueue<>();
        script = out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\napp_total 1\napp_to".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            never.take();
        };
        String body = scrape("X-Prometheus-Scrape-Timeout-Seconds", "2").body();
        assertTrue(body.endsWith("\napp_total 1\n"), body);
        assertEquals(1, failures());
        never.add("the test is over");
    }

    @Test
    void compressedMetricsAreReadToo() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write("app_total 1\n".getBytes(StandardCharsets.US_ASCII));
        }
        script = out -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + zipped.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            zipped.writeTo(out);
        };
        String body = scrape().body();
        assertTrue(body.endsWith("\napp_total 1\n"), body);
    }

    @Test
    void manyMetricsArriveWhole() throws Exception {
        String many = "app_requests_total{path=\"/a/b/c\",status=\"200\"} 12345\n".repeat(100_000);
        script = out -> out.write(whole(TEXT, many));
        String body = scrape().body();
        assertTrue(body.contains(OWN));
        assertTrue(body.endsWith(many), () -> "got " + body.length() + " of " + many.length());
        assertEquals(0, failures());
    }

    @Test
    void aScraperThatLeavesIsNoFailureOfTheApp() throws Exception {
        URI page = page();
        BlockingQueue<String> never = new LinkedBlockingQueue<>();
        script = out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\napp_total 1\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            never.take();
        };
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.getPort())) {
            socket.getOutputStream()
                    .write("GET /stats/prometheus HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(head(socket.getInputStream()).contains("chunked"));
        }
        never.add("the app goes on");
        script = out -> out.write(whole(TEXT, "app_total 2\n"));
        Awaitility.await()
                .untilAsserted(() ->
                        assertTrue(scraper.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                                .body()
                                .endsWith("\napp_total 2\n")));
        assertEquals(0, failures());
    }

    @Test
    void whoKnowsNoChunksGetsTheSame() throws Exception {
        URI page = page();
        script = out -> out.write(whole(TEXT, "app_total 1\n"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.getPort())) {
            socket.getOutputStream()
                    .write("GET /stats/prometheus HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertFalse(answer.contains("chunked"), answer);
            assertTrue(answer.contains("\n" + OWN), answer);
            assertTrue(answer.endsWith("\napp_total 1\n"), answer);
        }
    }
}
