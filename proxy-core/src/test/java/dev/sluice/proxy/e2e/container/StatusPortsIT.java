package dev.sluice.proxy.e2e.container;

import static dev.sluice.proxy.e2e.fixture.AdminProcess.HELLO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.proxy.Aside;
import dev.sluice.proxy.app.Main;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.e2e.fixture.AdminProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod asks of its proxy, from the start to the end: readiness, the app's probes and metrics, the end of a Job. */
class StatusPortsIT {
    private static final int ATTEMPTS = 5;

    private final HttpClient kubelet = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private AdminProcess process;
    private int status;
    private int ready;
    private int metrics;

    /** Ports must be named, so they are free a moment before: somebody else may take one meanwhile. */
    private void start(String... more) throws IOException, UserError {
        for (int attempt = 1; ; attempt++) {
            freePorts();
            List<String> arguments = new ArrayList<>(List.of("--status", "--admin", "off"));
            arguments.addAll(List.of(more));
            try {
                process = AdminProcess.start(folder, HELLO, mesh(), arguments.toArray(String[]::new));
                return;
            } catch (UserError error) {
                if (error.exitCode() != ExitCodes.CANNOT_BIND || attempt == ATTEMPTS) {
                    throw error;
                }
            }
        }
    }

    private List<String> mesh() {
        return List.of(
                "defaultConfig.statusPort=" + status,
                "defaultConfig.proxyMetadata.ENVOY_STATUS_PORT=" + ready,
                "defaultConfig.proxyMetadata.ENVOY_PROMETHEUS_PORT=" + metrics);
    }

    private void freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0);
                ServerSocket three = new ServerSocket(0)) {
            status = one.getLocalPort();
            ready = two.getLocalPort();
            metrics = three.getLocalPort();
        }
    }

    private HttpResponse<String> ask(String method, int port, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return kubelet.send(request.build(), BodyHandlers.ofString());
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        return ask("GET", port, path).body();
    }

    private int statusOf(String path) {
        try {
            return ask("GET", status, path).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int drained() {
        try {
            return process.process().drain();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer app() throws IOException {
        HttpServer app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            byte[] body = "app_total 1\n".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        app.start();
        return app;
    }

    @Test
    void oneScrapeHasTheAppsMetricsTooAndThatOfTheProxyAloneHasNot() throws Exception {
        HttpServer app = app();
        int port = app.getAddress().getPort();
        start("--app-metrics", "{\"port\":\"" + port + "\",\"path\":\"/metrics\",\"scrape\":\"true\"}");
        try {
            for (String path : List.of("/stats/prometheus", "/metrics")) {
                String both = get(status, path);
                assertTrue(both.contains("# TYPE sluice_config_reloads_total counter"), both);
                assertTrue(both.endsWith("\napp_total 1\n"), both);
            }
            assertTrue(get(metrics, "/stats/prometheus").endsWith("\n"));
            assertEquals(-1, get(metrics, "/stats/prometheus").indexOf("app_total"));
            app.stop(0);
            assertTrue(get(status, "/stats/prometheus").contains("sluice_app_scrape_failures_total 1.0\n"));
        } finally {
            process.close();
            app.stop(0);
        }
    }

    @Test
    void theProxysOwnPortIsNoPlaceForTheAppsMetrics() throws Exception {
        freePorts();
        UserError error = assertThrows(
                UserError.class,
                () -> AdminProcess.start(
                        folder,
                        HELLO,
                        mesh(),
                        "--status",
                        "--admin",
                        "off",
                        "--app-metrics",
                        "{\"port\":\"" + status + "\"}"));
        assertEquals(ExitCodes.USAGE, error.exitCode());
        assertTrue(error.getMessage().contains("would ask itself"), error.getMessage());
    }

    /** As Istio's agent: the hook of a container calls it, before the pod's end. */
    @Test
    void drainSendsClientsAwayAndServesWhoComesAllTheSame() throws Exception {
        start();
        try {
            assertEquals(405, ask("GET", status, "/drain").statusCode());
            assertEquals(200, process.get("http://hello.example.com/").statusCode());
            assertEquals(200, ask("POST", status, "/drain").statusCode());
            assertEquals(200, ask("POST", status, "/drain").statusCode(), "twice is once");
            assertEquals(403, ask("POST", status, "/drain", "x-sluice-hop", "1").statusCode(), "sent on by a route");
            HttpResponse<String> draining = ask("GET", ready, "/healthz/ready");
            assertEquals("503 DRAINING\n", draining.statusCode() + " " + draining.body());
            HttpResponse<String> late = process.get("http://hello.example.com/");
            assertEquals("hello", late.body());
            assertEquals(List.of("close"), late.headers().allValues("connection"));
            process.edit(HELLO.replace("string: hello", "string: again"));
            Awaitility.await()
                    .until(() -> process.get("http://hello.example.com/").body().equals("again"));
        } finally {
            process.close();
        }
    }

    @Test
    void aDrainWaitsForAHookOfTheAppThatIsUnderWay() throws Exception {
        HttpServer app = app();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        app.createContext("/bye", exchange -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        String hook = "/app-lifecycle/cart/prestopz";
        int port = app.getAddress().getPort();
        start(
                "--drain",
                "300",
                "--app-probes",
                "{\"" + hook + "\": {\"httpGet\": {\"port\": " + port + ", \"path\": \"/bye\"}}}");
        try {
            CompletableFuture<Integer> answer = Aside.supply(() -> statusOf(hook));
            begun.await();
            CompletableFuture<Integer> exit = Aside.supply(this::drained);
            // Nobody is connected: without the hook it would end within the second.
            assertThrows(TimeoutException.class, () -> exit.get(2, TimeUnit.SECONDS));
            release.countDown();
            assertEquals(ExitCodes.OK, exit.get());
            assertEquals(200, answer.get());
        } finally {
            release.countDown();
            process.close();
            app.stop(0);
        }
    }

    @Test
    void whoWaitsAsksTheStatusPortAndAJobEndsThroughIt() throws Exception {
        start("--drain", "20");
        try {
            String url = "--url=http://localhost:" + ready + "/healthz/ready";
            assertEquals(0, Main.run("wait", url, "--timeout", "20"));
            assertEquals(0, Main.run("wait", url, "--timeoutSeconds=20", "--periodMillis=10"), "as picocli reads it");
            assertEquals(1, Main.run("wait", "--url=http://localhost:" + metrics + "/none", "--timeout", "0"));
            assertEquals("LIVE\n", get(status, "/healthz/ready"));
            assertEquals(405, ask("GET", status, "/quitquitquit").statusCode());
            CompletableFuture<Integer> exit = Aside.supply(() -> {
                try {
                    process.process().awaitStop();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return drained();
            });
            assertEquals(200, ask("POST", status, "/quitquitquit").statusCode());
            assertEquals(ExitCodes.OK, exit.get());
            HttpResponse<String> draining = ask("GET", ready, "/healthz/ready");
            assertEquals(503, draining.statusCode());
            assertEquals("DRAINING\n", draining.body());
            assertEquals(1, Main.run("wait", url, "--timeout", "0"));
        } finally {
            process.close();
        }
        assertEquals(1, Main.run("wait", "--url=http://localhost:" + ready + "/healthz/ready", "--timeout", "0"));
    }
}
