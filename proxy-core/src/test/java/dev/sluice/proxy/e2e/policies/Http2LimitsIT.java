package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Limits of HTTP/2 upstreams over real sockets. The server holds every call until the test lets it go, so that what is in
 * flight is not a matter of chance: it is the limit, to the call.
 */
class Http2LimitsIT {
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);
    private static final int LIMIT = 4;
    private static final int CLIENTS = 4;

    /** Calls that have arrived and are not answered, with the connection they came on. */
    private final Map<StreamObserver<String>, String> held = new ConcurrentHashMap<>();
    /** Calls that ever arrived on each connection. */
    private final Map<String, Integer> carried = new ConcurrentHashMap<>();

    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final ManagedChannel[] clients = new ManagedChannel[CLIENTS];
    private Server server;
    private TestProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        ThreadLocal<String> connection = new ThreadLocal<>();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, io.grpc.Metadata headers, ServerCallHandler<Q, A> next) {
                        String from = String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                        carried.merge(from, 1, Integer::sum);
                        return new io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
                                next.startCall(call, headers)) {
                            @Override
                            public void onHalfClose() {
                                connection.set(from);
                                super.onHalfClose();
                            }
                        };
                    }
                })
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(
                                UNARY,
                                ServerCalls.asyncUnaryCall((request, answer) -> held.put(answer, connection.get())))
                        .build())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        for (ManagedChannel client : clients) {
            client.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
        proxy.close();
        server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }

    private void start(String pool) throws Exception {
        proxy = TestProxy.start(Shop.yaml(server.getPort(), "GRPC")
                + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec:
                  host: shop.example.com
                  trafficPolicy: {connectionPool: POOL}
                """
                        .replace("POOL", pool));
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = NettyChannelBuilder.forAddress(proxy.address(8080))
                    .usePlaintext()
                    .build();
        }
    }

    /** Starts {@code count} calls on connection {@code client} of the clients. */
    private void call(int client, int count) {
        for (int i = 0; i < count; i++) {
            ClientCalls.asyncUnaryCall(
                    clients[client].newCall(UNARY, CallOptions.DEFAULT), "hello", GrpcText.into(answers));
        }
    }

    private void awaitHeld(int count) {
        await().until(() -> held.size() >= count);
        assertEquals(count, held.size());
    }

    private long answered(String with) {
        return answers.stream().filter(with::equals).count();
    }

    private void answerHeld(int count) {
        List<StreamObserver<String>> some = held.keySet().stream().limit(count).toList();
        for (StreamObserver<String> call : some) {
            held.remove(call);
            call.onNext("hello");
            call.onCompleted();
        }
    }

    private Cluster cluster() {
        return proxy.proxy().clusters().clusters().stream()
                .filter(one -> one.key().host().equals("shop.example.com"))
                .findFirst()
                .orElseThrow();
    }

    private void assertNothingIsHeld() {
        await().untilAsserted(() -> {
            assertEquals(0, cluster().requests().used());
            assertEquals(0, cluster().pending().used());
            cluster().endpoints().all().forEach(endpoint -> assertEquals(0, endpoint.active()));
        });
    }

    @Test
    void asManyRequestsAsTheLimitAreInFlightAndTheOthersAreRefused() throws Exception {
        start("{http: {http2MaxRequests: 4}}");
        for (int client = 0; client < CLIENTS; client++) {
            call(client, 2 * LIMIT);
        }
        await().until(() -> answered("UNAVAILABLE") == CLIENTS * 2 * LIMIT - LIMIT);
        awaitHeld(LIMIT);
        answerHeld(1);
        await().until(() -> answered("OK") == 1);
        // What came free is used, and again nothing beyond it.
        call(0, 3);
        await().until(() -> answered("UNAVAILABLE") == CLIENTS * 2 * LIMIT - LIMIT + 2);
        awaitHeld(LIMIT);
        answerHeld(LIMIT);
        await().until(() -> answered("OK") == LIMIT + 1);
        assertNothingIsHeld();
    }

    @Test
    void eachConnectionCarriesAsManyStreamsAsItMayAndTheRestGetOthers() throws Exception {
        start("{http: {maxConcurrentStreams: 2}}");
        call(0, 8);
        awaitHeld(8);
        assertEquals(Map.of(2, 4L), perConnection());
        answerHeld(8);
        await().until(() -> answered("OK") == 8);
        // Four connections are there: eight more need no other.
        call(0, 8);
        awaitHeld(8);
        assertEquals(4, carried.size());
        answerHeld(8);
        await().until(() -> answered("OK") == 16);
        assertNothingIsHeld();
    }

    /** How many connections have how many calls now. */
    private Map<Integer, Long> perConnection() {
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        held.values().forEach(connection -> calls.merge(connection, 1, Integer::sum));
        Map<Integer, Long> connections = new ConcurrentHashMap<>();
        calls.values().forEach(count -> connections.merge(count, 1L, Long::sum));
        return connections;
    }

    @Test
    void whatFindsNoStreamFreeWaitsInOrderUpToItsLimit() throws Exception {
        start("{tcp: {maxConnections: 1}, http: {maxConcurrentStreams: 2, http1MaxPendingRequests: 3}}");
        // The connection is made first: also the request that it is made for counts as waiting.
        call(0, 1);
        awaitHeld(1);
        call(0, 1);
        awaitHeld(2);
        call(0, 8);
        await().until(() -> answered("UNAVAILABLE") == 5);
        awaitHeld(2);
        for (int served = 1; served <= 3; served++) {
            int now = served;
            answerHeld(1);
            await().until(() -> answered("OK") == now);
            await().until(() -> held.size() == 2);
        }
        answerHeld(2);
        await().until(() -> answered("OK") == 5);
        assertEquals(1, carried.size(), "connections");
        assertNothingIsHeld();
    }

    @Test
    void whoWaitsForAStreamIsNoneOfTheRequestsInFlight() throws Exception {
        start("{tcp: {maxConnections: 1}, http: {maxConcurrentStreams: 2, http2MaxRequests: 2}}");
        for (int client = 0; client < CLIENTS; client++) {
            call(client, LIMIT);
        }
        for (int served = 0; served < CLIENTS * LIMIT; served += 2) {
            awaitHeld(2);
            answerHeld(2);
            int now = served + 2;
            await().until(() -> answered("OK") == now);
        }
        assertNothingIsHeld();
    }

    @Test
    void aConnectionTakesAsManyRequestsAsItMayAndMakesWayForTheNext() throws Exception {
        start("{http: {maxRequestsPerConnection: 3}}");
        for (int i = 0; i < 9; i++) {
            call(0, 1);
            awaitHeld(1);
            answerHeld(1);
            int done = i + 1;
            await().until(() -> answered("OK") == done);
        }
        assertEquals(3, carried.size(), "connections");
        assertEquals(Collections.nCopies(3, 3), List.copyOf(carried.values()));
        assertNothingIsHeld();
    }
}
