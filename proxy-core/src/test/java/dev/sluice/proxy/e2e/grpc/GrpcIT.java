package dev.sluice.proxy.e2e.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gRPC through the proxy with grpc-java at both ends: all four kinds of calls, and what a caller sees of failures. */
class GrpcIT {
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> DOWN = GrpcText.method("Down", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> UP = GrpcText.method("Up", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> BOTH = GrpcText.method("Both", MethodType.BIDI_STREAMING);
    private static final MethodDescriptor<String, String> FAILS = GrpcText.method("Fails", MethodType.UNARY);
    private static final MethodDescriptor<String, String> UNROUTED =
            UNARY.toBuilder().setFullMethodName("other.Service/Call").build();

    private Server server;
    private TestProxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service())
                .build()
                .start();
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: grpc, protocol: GRPC}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: echo}
                spec:
                  hosts: [echo.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: grpc, protocol: GRPC}]
                  endpoints: [{address: 127.0.0.1, ports: {grpc: PORT}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: echo}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http:
                  - match: [{uri: {prefix: /test.Echo/}}]
                    route: [{destination: {host: echo.example.com}}]
                """
                        .replace("PORT", Integer.toString(server.getPort())));
        InetSocketAddress address = proxy.address(8080);
        channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        proxy.close();
        server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }

    @Test
    void aUnaryCallIsAnswered() {
        assertEquals("echo hello", ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "hello"));
    }

    @Test
    void aServerStreamArrivesWholeAndInOrder() {
        List<String> got = new ArrayList<>();
        Iterator<String> answers = ClientCalls.blockingServerStreamingCall(channel, DOWN, CallOptions.DEFAULT, "500");
        answers.forEachRemaining(got::add);
        assertEquals(500, got.size());
        assertEquals("499", got.get(499));
    }

    @Test
    void aClientStreamArrivesWhole() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        StreamObserver<String> requests =
                ClientCalls.asyncClientStreamingCall(channel.newCall(UP, CallOptions.DEFAULT), into(answer));
        for (int i = 0; i < 500; i++) {
            requests.onNext("x".repeat(1_000));
        }
        requests.onCompleted();
        assertEquals("500000", answer.get(60, TimeUnit.SECONDS));
    }

    @Test
    void messagesOfABidirectionalCallPassWhileBothSidesAreOpen() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        StreamObserver<String> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(BOTH, CallOptions.DEFAULT), new StreamObserver<>() {
                    @Override
                    public void onNext(String message) {
                        first.complete(message);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        first.completeExceptionally(failure);
                        end.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        end.complete("done");
                    }
                });
        requests.onNext("ping");
        // Answered before the request side ends: nothing is held back.
        assertEquals("echo ping", first.get(60, TimeUnit.SECONDS));
        requests.onCompleted();
        assertEquals("done", end.get(60, TimeUnit.SECONDS));
    }

    @Test
    void theServersStatusAndMessageReachTheCaller() {
        assertStatus(Status.Code.FAILED_PRECONDITION, "not now: 100 %", FAILS);
    }

    @Test
    void aCallThatNoRuleTakesIsUnimplemented() {
        assertStatus(Status.Code.UNIMPLEMENTED, null, UNROUTED);
    }

    @Test
    void aServerThatIsGoneIsUnavailable() throws InterruptedException {
        server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        StatusRuntimeException failure = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "hello"));
        assertEquals(Status.Code.UNAVAILABLE, failure.getStatus().getCode());
    }

    private void assertStatus(Status.Code code, String message, MethodDescriptor<String, String> method) {
        StatusRuntimeException failure = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, "hello"));
        assertEquals(code, failure.getStatus().getCode());
        assertEquals(message, failure.getStatus().getDescription());
    }

    private static StreamObserver<String> into(CompletableFuture<String> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                answer.complete(message);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                answer.complete("no message");
            }
        };
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext("echo " + request);
                    answers.onCompleted();
                }))
                .addMethod(DOWN, ServerCalls.asyncServerStreamingCall((request, answers) -> {
                    for (int i = 0; i < Integer.parseInt(request); i++) {
                        answers.onNext(Integer.toString(i));
                    }
                    answers.onCompleted();
                }))
                .addMethod(UP, ServerCalls.asyncClientStreamingCall(GrpcIT::counting))
                .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(answers -> GrpcText.echoing("echo", answers)))
                .addMethod(
                        FAILS,
                        ServerCalls.asyncUnaryCall((request, answers) -> answers.onError(Status.FAILED_PRECONDITION
                                .withDescription("not now: 100 %")
                                .asRuntimeException())))
                .build();
    }

    private static StreamObserver<String> counting(StreamObserver<String> answers) {
        return new StreamObserver<>() {
            private int length;

            @Override
            public void onNext(String message) {
                length += message.length();
            }

            @Override
            public void onError(Throwable failure) {
                answers.onError(failure);
            }

            @Override
            public void onCompleted() {
                answers.onNext(Integer.toString(length));
                answers.onCompleted();
            }
        };
    }
}
