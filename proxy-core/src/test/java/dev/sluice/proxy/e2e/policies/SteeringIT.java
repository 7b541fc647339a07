package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Timeouts and retries that requests ask for by {@code x-envoy-…} headers, over real sockets: heeded on the listener of the
 * app's own requests, taken off wherever others come in.
 */
class SteeringIT {
    private static final int GATEWAY = 8080;
    private static final int OUTBOUND = 15_001;
    private static final int INGRESS = 9080;
    private static final long LONGER_THAN_ASKED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final List<String> ALL = List.of(
            "x-envoy-upstream-rq-timeout-ms: 50",
            "x-envoy-upstream-rq-per-try-timeout-ms: 50",
            "x-envoy-upstream-rq-timeout-alt-response: 1",
            "x-envoy-max-retries: 3",
            "x-envoy-retry-on: 5xx,reset,retriable-status-codes,retriable-headers",
            "x-envoy-retry-grpc-on: internal",
            "x-envoy-retriable-status-codes: 418",
            "x-envoy-retriable-header-names: x-again",
            "x-envoy-hedge-on-per-try-timeout: true",
            "x-envoy-expected-rq-timeout-ms: 7");

    private static final String SIDECAR =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default}
            spec:
              ingress:
              - port: {number: 9080, name: http, protocol: HTTP}
                captureMode: NONE
                defaultEndpoint: 127.0.0.1:PORT
              egress: [{hosts: ["*/*"]}]
            """;

    private volatile String response = "";
    private RawUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = start(upstream.port(), "HTTP");
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    private static TestProxy start(int port, String protocol) throws Exception {
        String gatewayAndMesh = Shop.yaml(port, protocol, "retries: {attempts: 0},")
                .replace("hosts: [\"*\"]\n  gateways: [gw]", "hosts: [shop.example.com]\n  gateways: [gw, mesh]");
        return TestProxy.start(
                gatewayAndMesh + SIDECAR.replace("PORT", Integer.toString(port)),
                ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", OUTBOUND)));
    }

    private RawClient.Answer ask(int port, String... headers) throws Exception {
        return ask(port, List.of(headers));
    }

    private RawClient.Answer ask(int port, List<String> headers) throws Exception {
        try (RawClient client = new RawClient(proxy.address(port))) {
            StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: shop.example.com\r\n");
            headers.forEach(header -> request.append(header).append("\r\n"));
            return client.send(request.append("\r\n").toString()).answer();
        }
    }

    /** Takes requests and never answers. */
    private void fallSilent() {
        upstream.script((peer, number) -> {
            peer.next();
            peer.readToEnd();
        });
    }

    /** From now on, on connections there are too. */
    private void answerAll(String text) {
        response = text;
        upstream.script((peer, number) -> {
            while (peer.next()) {
                peer.send(response);
            }
        });
    }

    private void assertNoneArrived() {
        for (RawUpstream.Message message : upstream.requests()) {
            String head = message.head().toLowerCase(Locale.ROOT);
            ALL.stream()
                    .map(header -> header.substring(0, header.indexOf(':') + 1))
                    .filter(name -> !name.startsWith("x-envoy-expected"))
                    .forEach(name -> assertFalse(head.contains(name), () -> name + " in " + head));
        }
    }

    // ---- the app's own requests

    @Test
    void theAppSetsATimeout() throws Exception {
        fallSilent();
        List<RawUpstream.Message> seen = triesOf(1, "504 TIMEOUT", "x-envoy-upstream-rq-timeout-ms: 200");
        assertEquals("200", seen.get(0).header("x-envoy-expected-rq-timeout-ms"));
        assertNoneArrived();
    }

    /**
     * The {@code count} tries that one request of the app made, in their order. Asked again where a busy machine took all
     * of a try's time to connect, so that this one never arrived.
     */
    private List<RawUpstream.Message> triesOf(int count, String expected, String... headers) throws Exception {
        for (int round = 0; ; round++) {
            String mark = Integer.toString(round);
            List<String> marked = new ArrayList<>(List.of(headers));
            marked.add("x-round: " + mark);
            RawClient.Answer answer = ask(OUTBOUND, marked);
            assertEquals(expected, answer.status() + " " + answer.header("x-sluice-code"));
            Supplier<List<RawUpstream.Message>> arrived = () -> upstream.requests().stream()
                    .filter(message -> mark.equals(message.header("x-round")))
                    .toList();
            try {
                // The answer does not wait for the upstream to read.
                await().atMost(Duration.ofSeconds(2)).until(() -> arrived.get().size() >= count);
            } catch (ConditionTimeoutException late) {
                assertTrue(round < 20, "the tries never arrive");
                continue;
            }
            assertEquals(count, arrived.get().size());
            return arrived.get();
        }
    }

    @Test
    void theAppMayReadATimeoutAsNoContent() throws Exception {
        fallSilent();
        RawClient.Answer answer =
                ask(OUTBOUND, "x-envoy-upstream-rq-timeout-ms: 200", "x-envoy-upstream-rq-timeout-alt-response: true");
        assertEquals(204, answer.status());
    }

    @Test
    void theAppLimitsEachTryAndTheirNumber() throws Exception {
        fallSilent();
        List<RawUpstream.Message> seen = triesOf(
                3,
                "504 TRY_TIMEOUT",
                "x-envoy-upstream-rq-per-try-timeout-ms: 150",
                "x-envoy-retry-on: reset",
                "x-envoy-max-retries: 2");
        assertEquals("150", seen.get(2).header("x-envoy-expected-rq-timeout-ms"));
        assertEquals("3", seen.get(2).header("x-envoy-attempt-count"));
        assertNoneArrived();
    }

    @Test
    void theAppNamesWhatIsTriedAgain() throws Exception {
        answerAll("HTTP/1.1 418 Teapot\r\nx-again: 1\r\ncontent-length: 0\r\n\r\n");
        assertTries(1);
        assertTries(1, "x-envoy-retriable-status-codes: 418");
        assertTries(2, "x-envoy-retry-on: retriable-status-codes", "x-envoy-retriable-status-codes: 404, 418");
        assertTries(2, "x-envoy-retry-on: retriable-headers", "x-envoy-retriable-header-names: X-Again");
        assertTries(1, "x-envoy-retry-on: 5xx", "x-envoy-max-retries: 4");
        answerAll("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
        assertTries(2, "x-envoy-retry-on: 5xx");
        assertTries(5, "x-envoy-retry-on: gateway-error", "x-envoy-max-retries: 4");
        assertTries(1, "x-envoy-retry-on: gateway-error", "x-envoy-max-retries: 0");
    }

    private void assertTries(int expected, String... headers) throws Exception {
        upstream.forget();
        ask(OUTBOUND, headers);
        assertEquals(expected, upstream.requests().size(), () -> String.join(", ", headers));
        assertNoneArrived();
    }

    @Test
    void theAppNamesStatusesOfItsCalls() throws Exception {
        MethodDescriptor<String, String> method = GrpcText.method("Unary", MethodType.UNARY);
        AtomicInteger calls = new AtomicInteger();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(method, ServerCalls.asyncUnaryCall((request, answers) -> {
                            if (calls.getAndIncrement() < 2) {
                                answers.onError(Status.INTERNAL.asRuntimeException());
                            } else {
                                answers.onNext(request);
                                answers.onCompleted();
                            }
                        }))
                        .build())
                .build()
                .start();
        try (TestProxy grpc = start(server.getPort(), "GRPC")) {
            ManagedChannel channel = NettyChannelBuilder.forAddress(grpc.address(OUTBOUND))
                    .usePlaintext()
                    .overrideAuthority("shop.example.com")
                    .build();
            Metadata asked = new Metadata();
            asked.put(Metadata.Key.of("x-envoy-retry-grpc-on", Metadata.ASCII_STRING_MARSHALLER), "internal");
            asked.put(Metadata.Key.of("x-envoy-max-retries", Metadata.ASCII_STRING_MARSHALLER), "2");
            assertEquals(
                    "hello",
                    ClientCalls.blockingUnaryCall(
                            io.grpc.ClientInterceptors.intercept(
                                    channel, MetadataUtils.newAttachHeadersInterceptor(asked)),
                            method,
                            CallOptions.DEFAULT,
                            "hello"));
            assertEquals(3, calls.get());
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        } finally {
            server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    // ---- requests of others

    @ParameterizedTest
    @ValueSource(ints = {GATEWAY, INGRESS})
    void whoeverComesFromOutsideSteersNothing(int port) throws Exception {
        upstream.script((peer, number) -> {
            while (peer.next()) {
                LockSupport.parkNanos(LONGER_THAN_ASKED_NANOS);
                peer.send("HTTP/1.1 503 No\r\nx-again: 1\r\ncontent-length: 2\r\n\r\nno");
            }
        });
        RawClient.Answer answer = ask(port, ALL);
        assertEquals("503 no", answer.status() + " " + answer.body());
        assertNull(answer.header("x-sluice-code"));
        assertEquals(1, upstream.requests().size());
        assertNoneArrived();
        assertNull(upstream.requests().get(0).header("x-envoy-expected-rq-timeout-ms"));
    }

    @ParameterizedTest
    @ValueSource(ints = {GATEWAY, INGRESS})
    void whoeverComesFromOutsideOverHttp2SteersNothing(int port) throws Exception {
        answerAll("HTTP/1.1 503 No\r\nx-again: 1\r\ncontent-length: 0\r\n\r\n");
        try (WireH2 client = new WireH2(proxy.address(port))) {
            String[] request = WireH2.request(
                    "GET",
                    ALL.stream()
                            .flatMap(header -> List.of(header.split(": ", 2)).stream())
                            .toArray(String[]::new));
            for (int i = 0; i < request.length; i++) {
                request[i] = request[i].equals("shop") ? "shop.example.com" : request[i];
            }
            String answer = client.headers(1, true, request).answer(1);
            assertTrue(answer.startsWith("HEADERS 1 :status=503"), answer);
            assertEquals(1, upstream.requests().size());
            assertNoneArrived();
        }
    }
}
