package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two versions of two endpoints each behind a weighted route with a key: a user meets one version and one endpoint. */
class AffinityIT {
    private static final String BY_HEADER = "httpHeaderName: x-user";
    private static final String BY_ADDRESS = "useSourceIp: true";
    private static final String BY_COOKIE = "httpCookie: {name: session, path: /, ttl: 60s}";
    private static final int USERS = 30;
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);

    private final Map<String, TestUpstream> upstreams = new TreeMap<>();
    private final Map<String, Server> services = new TreeMap<>();
    private @Nullable TestProxy proxy;

    /** How a client speaks to the proxy. */
    private enum Protocol {
        HTTP1,
        HTTP2,
        GRPC
    }

    /** What a client was told: who answered, and the cookie that came with it. */
    private record Answer(String upstream, @Nullable String setCookie) {
        String version() {
            return upstream.substring(0, 2);
        }
    }

    @BeforeEach
    void startUpstreams() throws IOException {
        for (String name : List.of("v1-a", "v1-b", "v2-a", "v2-b")) {
            upstreams.put(name, new TestUpstream(name));
            services.put(
                    name,
                    NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .addService(ServerServiceDefinition.builder("test.Echo")
                                    .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answers) -> {
                                        answers.onNext(name);
                                        answers.onCompleted();
                                    }))
                                    .build())
                            .build()
                            .start());
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (proxy != null) {
            proxy.close();
        }
        upstreams.values().forEach(TestUpstream::close);
        for (Server service : services.values()) {
            service.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aHeaderLeadsToOneVersionAndOneEndpoint(Protocol protocol) throws Exception {
        start(BY_HEADER, 50);
        Set<String> versions = new HashSet<>();
        for (int user = 0; user < USERS; user++) {
            Answer first = ask(protocol, null, "x-user", "user-" + user);
            assertEquals(first, ask(protocol, null, "x-user", "user-" + user));
            assertNull(first.setCookie());
            versions.add(first.version());
        }
        assertEquals(Set.of("v1", "v2"), versions);
    }

    @Test
    void aUserMeetsTheSameEndpointWhateverTheProtocolOfTheClient() throws Exception {
        start(BY_HEADER, 50);
        for (int user = 0; user < USERS; user++) {
            assertEquals(
                    ask(Protocol.HTTP1, null, "x-user", "user-" + user),
                    ask(Protocol.HTTP2, null, "x-user", "user-" + user));
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aSourceAddressLeadsToOneVersionAndOneEndpoint(Protocol protocol) throws Exception {
        start(BY_ADDRESS, 50);
        Set<String> versions = new HashSet<>();
        for (int client = 0; client < USERS; client++) {
            InetAddress from = InetAddress.getByAddress(new byte[] {127, 0, 9, (byte) client});
            Answer first = ask(protocol, from);
            assertEquals(first, ask(protocol, from), "another port, the same address");
            versions.add(first.version());
        }
        assertEquals(Set.of("v1", "v2"), versions);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aSessionWhoseCookieTheProxyMadeStaysFromItsFirstResponseOn(Protocol protocol) throws Exception {
        start(BY_COOKIE, 50);
        Set<String> versions = new HashSet<>();
        for (int session = 0; session < USERS; session++) {
            Answer first = ask(protocol, null);
            String made = first.setCookie();
            assertNotNull(made);
            assertTrue(made.matches("session=\"[0-9a-f]{16}\"; Max-Age=60; Path=/; HttpOnly"), made);
            String cookie = made.substring(0, made.indexOf(';'));
            for (int i = 0; i < 3; i++) {
                Answer next = ask(protocol, null, "cookie", cookie);
                assertEquals(first.upstream(), next.upstream());
                assertNull(next.setCookie(), "it has one");
            }
            versions.add(first.version());
        }
        assertEquals(Set.of("v1", "v2"), versions);
    }

    @Test
    void whoMovedToTheVersionThatGrowsStaysThere() throws Exception {
        start(BY_HEADER, 5);
        Map<Integer, String> before = endpoints();
        for (int share : new int[] {20, 50, 100}) {
            running().reload(yaml(BY_HEADER, share));
            Map<Integer, String> after = endpoints();
            before.forEach((user, endpoint) -> {
                String now = after.get(user);
                assertTrue(endpoint.equals(now) || now.startsWith("v2"), user + ": " + endpoint + " to " + now);
            });
            before = after;
        }
        assertTrue(before.values().stream().allMatch(endpoint -> endpoint.startsWith("v2")));
    }

    @Test
    void anEndpointThatLeavesAVersionMovesNobodyToAnotherVersion() throws Exception {
        start(BY_HEADER, 50);
        Map<Integer, String> before = endpoints();
        running()
                .reload(yaml(BY_HEADER, 50)
                        .replaceAll("\\{address: [^}]*}, labels: \\{version: v1, name: v1-b}}, ", ""));
        Map<Integer, String> after = endpoints();
        before.forEach((user, endpoint) ->
                assertEquals(endpoint.equals("v1-b") ? "v1-a" : endpoint, after.get(user), "user " + user));
    }

    private Map<Integer, String> endpoints() throws IOException {
        Map<Integer, String> endpoints = new TreeMap<>();
        for (int user = 0; user < USERS; user++) {
            endpoints.put(
                    user, ask(Protocol.HTTP1, null, "x-user", "user-" + user).upstream());
        }
        return endpoints;
    }

    /** Asks once, on a connection of its own. */
    private Answer ask(Protocol protocol, @Nullable InetAddress from, String... headers) throws IOException {
        InetSocketAddress address = running().address(8080);
        return switch (protocol) {
            case HTTP1 -> {
                try (RawClient client = new RawClient(address, from)) {
                    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nhost: shop.example.com\r\n");
                    for (int i = 0; i < headers.length; i += 2) {
                        request.append(headers[i])
                                .append(": ")
                                .append(headers[i + 1])
                                .append("\r\n");
                    }
                    RawClient.Answer answer =
                            client.send(request.append("\r\n").toString()).answer();
                    assertEquals(200, answer.status());
                    yield new Answer(answer.body().substring(0, 4), answer.header("set-cookie"));
                }
            }
            case HTTP2 -> {
                try (WireH2 client = new WireH2(address, from)) {
                    String head = client.headers(1, true, fields("GET", "shop.example.com", "/", headers))
                            .answer(1);
                    yield new Answer(field(head, "x-upstream"), setCookie(head));
                }
            }
            case GRPC -> {
                try (WireH2 client = new WireH2(address, from)) {
                    client.headers(1, false, fields("POST", "echo.example.com", "/test.Echo/Unary", headers))
                            .data(1, true, "\0\0\0\0\0");
                    List<String> lines = client.readUntil(line -> line.contains("grpc-status"));
                    String message = line(lines, "DATA 1 ");
                    yield new Answer(message.substring(message.length() - 4), setCookie(line(lines, "HEADERS 1 ")));
                }
            }
        };
    }

    private static String[] fields(String method, String authority, String path, String... headers) {
        List<String> fields =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", authority, ":path", path));
        if (method.equals("POST")) {
            fields.addAll(List.of("content-type", "application/grpc", "te", "trailers"));
        }
        fields.addAll(List.of(headers));
        return fields.toArray(new String[0]);
    }

    private static String line(List<String> lines, String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines.toString()));
    }

    private static String field(String head, String name) {
        int at = head.indexOf(" " + name + "=");
        assertTrue(at >= 0, head);
        String rest = head.substring(at + name.length() + 2);
        return rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) : rest;
    }

    /** A cookie holds blanks, so it goes up to what every cookie of these tests ends in. */
    private static @Nullable String setCookie(String head) {
        int at = head.indexOf(" set-cookie=");
        return at < 0 ? null : head.substring(at + 12, head.indexOf("HttpOnly", at) + 8);
    }

    private TestProxy running() {
        if (proxy == null) {
            throw new AssertionError("not started");
        }
        return proxy;
    }

    private void start(String key, int shareOfV2) throws Exception {
        proxy = TestProxy.start(yaml(key, shareOfV2));
    }

    /** Two services, one for each kind of upstream, with the same versions and the same policy. */
    private String yaml(String key, int shareOfV2) {
        StringBuilder yaml = new StringBuilder(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP2}
                    hosts: ["*"]
                """);
        Map<String, Integer> http = new TreeMap<>();
        upstreams.forEach((name, upstream) -> http.put(name, upstream.port()));
        Map<String, Integer> grpc = new TreeMap<>();
        services.forEach((name, service) -> grpc.put(name, service.getPort()));
        yaml.append(service("shop", "HTTP", http, key, shareOfV2));
        yaml.append(service("echo", "GRPC", grpc, key, shareOfV2));
        return yaml.toString();
    }

    private static String service(String host, String protocol, Map<String, Integer> ports, String key, int shareOfV2) {
        List<String> endpoints = new ArrayList<>();
        ports.forEach((name, port) -> endpoints.add("{address: 127.0.0.1, ports: {web: " + port
                + "}, labels: {version: " + name.substring(0, 2) + ", name: " + name + "}}"));
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: HOST}
                spec:
                  hosts: [HOST.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: web, protocol: PROTOCOL}]
                  endpoints: ENDPOINTS
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: HOST}
                spec:
                  host: HOST.example.com
                  trafficPolicy: {loadBalancer: {consistentHash: {KEY}}}
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: HOST}
                spec:
                  hosts: [HOST.example.com]
                  gateways: [gw]
                  http:
                  - route:
                    - {destination: {host: HOST.example.com, subset: v1}, weight: ONE}
                    - {destination: {host: HOST.example.com, subset: v2}, weight: TWO}
                """
                .replace("HOST", host)
                .replace("PROTOCOL", protocol)
                .replace("ENDPOINTS", endpoints.toString())
                .replace("KEY", key)
                .replace("ONE", Integer.toString(100 - shareOfV2))
                .replace("TWO", Integer.toString(shareOfV2));
    }
}
