package dev.sluice.proxy.e2e.routing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One service of a chain: an app with its own sidecar. The app records what {@code x-my-header} each path came with and
 * calls the next service through the sidecar, passing on nothing but one id.
 */
final class CarryHop implements AutoCloseable {
    private static final String NONE = "none";

    private final Map<String, String> received = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private final String passedOn;
    private final HttpServer app;
    private final TestProxy sidecar;
    private final @Nullable HttpClient outbound;

    /**
     * @param passedOn the one header that the app's code hands on
     * @param carry value of the annotation
     * @param next the service it calls; null for the end of the chain
     */
    CarryHop(String passedOn, String carry, @Nullable CarryHop next) throws Exception {
        this.passedOn = passedOn;
        this.app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.setExecutor(threads);
        app.createContext("/", this::answer);
        app.start();
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15_001));
        this.sidecar = TestProxy.start(yaml(carry, next), identity);
        this.outbound = next == null
                ? null
                : HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(ProxySelector.of(sidecar.address(15_001)))
                        .build();
    }

    private String yaml(String carry, @Nullable CarryHop next) {
        InetSocketAddress address =
                next == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 1) : next.inbound();
        return """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default, annotations: {sluice.dev/carry-headers: "CARRY"}}
                spec:
                  ingress:
                  - port: {number: 9080, name: http, protocol: HTTP}
                    captureMode: NONE
                    defaultEndpoint: 127.0.0.1:APP
                  egress: [{hosts: ["*/*"]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: next}
                spec:
                  hosts: [next.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: HOST, ports: {http: PORT}}]
                """
                .replace("CARRY", carry)
                .replace("APP", Integer.toString(app.getAddress().getPort()))
                .replace("HOST", address.getAddress().getHostAddress())
                .replace("PORT", Integer.toString(address.getPort()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String header = exchange.getRequestHeaders().getFirst("x-my-header");
        received.put(path, header == null ? NONE : header);
        HttpClient client = outbound;
        int status = 200;
        if (client != null) {
            HttpRequest.Builder call =
                    HttpRequest.newBuilder(URI.create("http://next.default.svc.cluster.local" + path));
            String id = exchange.getRequestHeaders().getFirst(passedOn);
            if (id != null) {
                call.header(passedOn, id);
            }
            try {
                status = client.send(call.build(), BodyHandlers.discarding()).statusCode();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("the test ended");
            }
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** Where the sidecar takes requests for the app. */
    InetSocketAddress inbound() {
        return sidecar.address(9080);
    }

    /** The header that the request for {@code path} brought to the app, or {@code none}; null when it brought nothing. */
    @Nullable
    String received(String path) {
        return received.get(path);
    }

    @Override
    public void close() {
        app.stop(0);
        threads.shutdownNow();
        sidecar.close();
    }
}
