package dev.sluice.proxy.admin.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kubelet's probes, asked of the proxy: what the app says is what they hear. */
class AppProbesIT {
    private final HttpClient kubelet = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer app;
    private StatusServer server;

    @BeforeEach
    void start() throws IOException {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Host"));
            String path = exchange.getRequestURI().getPath();
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
            exchange.close();
        });
        app.start();
        server = new StatusServer();
    }

    @AfterEach
    void stop() {
        server.close();
        app.stop(0);
    }

    private int probe(String json) throws IOException, InterruptedException {
        return probe(json, "/app-health/cart/livez");
    }

    private int probe(String json, String path) throws IOException, InterruptedException {
        return probe("/app-health/cart/livez", json, path);
    }

    private int probe(String known, String json, String path) throws IOException, InterruptedException {
        AppProbes probes = AppProbes.parse("{\"" + known + "\": " + json + "}");
        int port = server.bind(
                        new BindAddress("127.0.0.1", 0),
                        StatusPorts.probes(probes, server.probeClient(), new AtomicInteger()))
                .getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return kubelet.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private String http(String rest) {
        return "{\"httpGet\": {\"port\": " + app.getAddress().getPort() + rest + "}, \"timeoutSeconds\": 30}";
    }

    @Test
    void theAppsStatusIsTheProbes() throws Exception {
        assertEquals(200, probe(http(", \"path\": \"/200?deep=yes\"")));
        assertEquals(503, probe(http(", \"path\": \"/503\"")));
        assertEquals(404, probe(http(", \"path\": \"404\"")));
        assertEquals("/200?deep=yes 127.0.0.1:" + app.getAddress().getPort(), asked.peek());
    }

    /** The kubelet would follow it, to a path of this port that is another's. */
    @Test
    void aRedirectIsASuccess() throws Exception {
        assertEquals(200, probe(http(", \"path\": \"/302\"")));
    }

    @Test
    void headersAreThoseOfTheManifest() throws Exception {
        probe(http(", \"path\": \"/200\", \"httpHeaders\": [{\"name\": \"Host\", \"value\": \"cart.shop\"}]"));
        assertEquals("/200 cart.shop", asked.peek());
    }

    @Test
    void aConnectionIsEnoughForTcp() throws Exception {
        int port = app.getAddress().getPort();
        assertEquals(200, probe("{\"tcpSocket\": {\"port\": " + port + "}, \"timeoutSeconds\": 30}"));
        assertTrue(asked.isEmpty());
    }

    @Test
    void anAppThatIsNotThereFails() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        assertEquals(503, probe("{\"tcpSocket\": {\"port\": " + port + "}, \"timeoutSeconds\": 30}"));
        assertEquals(503, probe("{\"httpGet\": {\"port\": " + port + "}, \"timeoutSeconds\": 30}"));
    }

    @Test
    void anAppThatDoesNotAnswerFailsInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertEquals(504, probe("{\"httpGet\": {\"port\": " + silent.getLocalPort() + "}}"));
        }
    }

    @Test
    void onlyKnownProbesAreAsked() throws Exception {
        assertEquals(404, probe(http(""), "/app-health/cart/readyz"));
        assertEquals(404, probe(http(""), "/app-health/"));
        assertTrue(asked.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app-lifecycle/cart/prestopz", "/app-lifecycle/cart/poststartz"})
    void hooksOfTheAppsLifeAreAskedOfTheAppToo(String hook) throws Exception {
        int port = app.getAddress().getPort();
        assertEquals(200, probe(hook, "{\"httpGet\": {\"port\": " + port + ", \"path\": \"/200\"}}", hook));
        assertEquals(500, probe(hook, "{\"httpGet\": {\"port\": " + port + ", \"path\": \"/500\"}}", hook));
        assertEquals(404, probe(hook, http(""), "/app-health/cart/livez"));
        assertEquals(2, asked.size());
    }

    /** In Kubernetes a hook may take as long as the pod has to end. */
    @Test
    void aHookHasNoTimeoutOfItsOwn() {
        assertEquals(
                3_600_000,
                AppProbe.hook("/", new ObjectMapper().createObjectNode().set("tcpSocket", port()))
                        .timeoutMillis());
        assertEquals(
                1_000,
                AppProbe.of("/", new ObjectMapper().createObjectNode().set("tcpSocket", port()))
                        .timeoutMillis());
    }

    private static JsonNode port() {
        return new ObjectMapper().createObjectNode().put("port", 80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "{\"/other/a/livez\": {\"tcpSocket\": {\"port\": 1}}}",
                "{\"/app-health/a/livez\": {}}",
                "{\"/app-lifecycle/a/prestopz\": {\"exec\": {}}}",
                "{\"/app-health/a/livez\": {\"httpGet\": {\"port\": 70000}}}",
                "{\"/app-health/a/livez\": {\"grpc\": {\"service\": \"a\"}}}",
                "{\"/app-health/a/livez\": {\"httpGet\": {\"port\": \"http\"}}}",
                "{\"/app-health/a/livez\": {\"tcpSocket\": {\"port\": 1}, \"timeoutSeconds\": 0}}"
            })
    void whatIsNoProbeIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> AppProbes.parse(json));
    }
}
