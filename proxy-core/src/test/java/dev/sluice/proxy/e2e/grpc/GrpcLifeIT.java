package dev.sluice.proxy.e2e.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deadlines, cancellation, metadata and goodbyes of gRPC calls through the proxy, with grpc-java at both ends. */
class GrpcLifeIT {
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> SILENT = GrpcText.method("Silent", MethodType.UNARY);
    private static final MethodDescriptor<String, String> ENDLESS =
            GrpcText.method("Endless", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> BOTH = GrpcText.method("Both", MethodType.BIDI_STREAMING);
    private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("trace-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final CompletableFuture<String> cancelled = new CompletableFuture<>();
    private final CompletableFuture<Long> deadlineMillis = new CompletableFuture<>();
    private final AtomicReference<Metadata> headersSeen = new AtomicReference<>();
    private final Set<SocketAddress> upstreamConnections = ConcurrentHashMap.newKeySet();
    private Server server;
    private TestProxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void startServer() throws IOException {
        server = serve(0, "one");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null) {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
        if (proxy != null) {
            proxy.close();
        }
        server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }

    private void start(String rule) throws Exception {
        proxy = TestProxy.start(Shop.yaml(server.getPort(), "GRPC", rule));
        channel = NettyChannelBuilder.forAddress(proxy.address(8080))
                .usePlaintext()
                .disableRetry()
                .build();
    }

    private Server serve(int port, String name) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(service(name))
                .intercept(new Recorder())
                .build()
                .start();
    }

    @Test
    void theRoutesTimeoutEndsACallAndTheUpstreamHearsOfIt() throws Exception {
        start("timeout: 300ms,");
        // A busy machine may need all of a call's time to connect: then the upstream never heard of that call.
        Awaitility.await().until(() -> {
            StatusRuntimeException failure = assertThrows(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(channel, SILENT, CallOptions.DEFAULT, "x"));
            assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.getStatus().getCode(), failure.toString());
            assertEquals("upstream request timeout", failure.getStatus().getDescription());
            return cancelled.isDone();
        });
    }

    @Test
    void theUpstreamIsToldTheShorterOfCallAndRoute() throws Exception {
        start("timeout: 10s,");
        CallOptions patient = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS);
        assertEquals("one x", ClientCalls.blockingUnaryCall(channel, UNARY, patient, "x"));
        long left = deadlineMillis.get(60, TimeUnit.SECONDS);
        assertTrue(left > 0 && left <= 10_000, "left: " + left);
    }

    @Test
    void aCallsOwnTimeReachesTheUpstreamReduced() throws Exception {
        start("");
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
        assertEquals("one x", ClientCalls.blockingUnaryCall(channel, UNARY, options, "x"));
        long left = deadlineMillis.get(60, TimeUnit.SECONDS);
        assertTrue(left > 20_000 && left <= 30_000, "left: " + left);
    }

    @Test
    void binaryMetadataIsNotTouched() throws Exception {
        start("");
        byte[] bytes = {0, 1, -1, 127, -128, 61, 44};
        Metadata sent = new Metadata();
        sent.put(BINARY, bytes);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var options = CallOptions.DEFAULT;
        var call = io.grpc.ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        assertEquals("one x", ClientCalls.blockingUnaryCall(call, UNARY, options, "x"));
        assertArrayEquals(bytes, headersSeen.get().get(BINARY));
        assertArrayEquals(bytes, headers.get().get(BINARY));
        assertArrayEquals(bytes, trailers.get().get(BINARY));
    }

    @Test
    void aCancelReachesTheUpstream() throws Exception {
        start("");
        ClientCall<String, String> call = channel.newCall(ENDLESS, CallOptions.DEFAULT);
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        ClientCalls.asyncServerStreamingCall(call, "x", GrpcText.into(got));
        assertEquals("one x", got.poll(60, TimeUnit.SECONDS));
        call.cancel("enough", null);
        assertEquals("cancelled", cancelled.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aClientThatCancelsALotKeepsItsConnection() throws Exception {
        start("");
        Set<SocketAddress> locals = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            ClientCall<String, String> call = channel.newCall(ENDLESS, CallOptions.DEFAULT);
            BlockingQueue<String> got = new LinkedBlockingQueue<>();
            ClientCalls.asyncServerStreamingCall(call, "x", GrpcText.into(got));
            assertEquals("one x", got.poll(60, TimeUnit.SECONDS));
            locals.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
            call.cancel("enough", null);
        }
        assertEquals("one x", ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "x"));
        assertEquals(1, locals.size(), locals.toString());
        assertEquals(1, upstreamConnections.size(), upstreamConnections.toString());
    }

    @Test
    void anUpstreamThatGoesAwayFinishesItsCallsAndNewOnesGoElsewhere() throws Exception {
        start("");
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        StreamObserver<String> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(BOTH, CallOptions.DEFAULT), GrpcText.into(got));
        requests.onNext("a");
        assertEquals("one a", got.poll(60, TimeUnit.SECONDS));
        Server old = server;
        // Its port is free at once; calls in flight go on behind a GOAWAY.
        int port = old.getPort();
        old.shutdown();
        server = serve(port, "two");
        Awaitility.await()
                .ignoreExceptionsMatching(GrpcLifeIT::isUnavailable)
                .until(() -> ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "x")
                        .equals("two x"));
        requests.onNext("b");
        assertEquals("one b", got.poll(60, TimeUnit.SECONDS));
        requests.onCompleted();
        assertEquals("OK", got.poll(60, TimeUnit.SECONDS));
        assertTrue(old.awaitTermination(60, TimeUnit.SECONDS), "the old connection was let go");
        assertEquals(2, upstreamConnections.size());
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof StatusRuntimeException status
                && status.getStatus().getCode() == Status.Code.UNAVAILABLE;
    }

    @Test
    void aCallOutlivesTheAnnouncementOfADrain() throws Exception {
        start("");
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        StreamObserver<String> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(BOTH, CallOptions.DEFAULT), GrpcText.into(got));
        requests.onNext("a");
        assertEquals("one a", got.poll(60, TimeUnit.SECONDS));
        CompletableFuture<Boolean> clean = Aside.supply(() -> {
            try {
                return proxy.proxy().drain(20_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        // The second GOAWAY comes a second after the first; the channel leaves the connection at the first already.
        Awaitility.await().until(() -> proxy.proxy().listeners().isDraining());
        for (int i = 0; i < 15; i++) {
            requests.onNext("b" + i);
            assertEquals("one b" + i, got.poll(60, TimeUnit.SECONDS));
            assertEquals(null, got.poll(100, TimeUnit.MILLISECONDS));
        }
        requests.onCompleted();
        assertEquals("OK", got.poll(60, TimeUnit.SECONDS));
        assertTrue(clean.get(60, TimeUnit.SECONDS), "the drain ended in peace");
    }

    private ServerServiceDefinition service(String name) {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(name + " " + request);
                    answers.onCompleted();
                }))
                .addMethod(SILENT, ServerCalls.asyncUnaryCall((request, answers) -> tellCancel(answers)))
                .addMethod(ENDLESS, ServerCalls.asyncServerStreamingCall((request, answers) -> {
                    tellCancel(answers);
                    answers.onNext(name + " " + request);
                }))
                .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(answers -> GrpcText.echoing(name, answers)))
                .build();
    }

    private void tellCancel(StreamObserver<String> answers) {
        ((ServerCallStreamObserver<String>) answers).setOnCancelHandler(() -> cancelled.complete("cancelled"));
    }

    /** What arrives at the upstream; its metadata goes back in headers and trailers. */
    private final class Recorder implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            headersSeen.set(headers);
            upstreamConnections.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            var deadline = Context.current().getDeadline();
            if (deadline != null) {
                deadlineMillis.complete(deadline.timeRemaining(TimeUnit.MILLISECONDS));
            }
            byte[] bytes = headers.get(BINARY);
            return next.startCall(
                    new ForwardingServerCall.SimpleForwardingServerCall<A, B>(call) {
                        @Override
                        public void sendHeaders(Metadata responseHeaders) {
                            super.sendHeaders(withBytes(responseHeaders, bytes));
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            super.close(status, withBytes(trailers, bytes));
                        }
                    },
                    headers);
        }

        private static Metadata withBytes(Metadata metadata, byte @Nullable [] bytes) {
            if (bytes != null) {
                metadata.put(BINARY, bytes);
            }
            return metadata;
        }
    }
}
