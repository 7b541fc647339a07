package dev.sluice.proxy.admin.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kubelet's gRPC probes, asked of the proxy by HTTP: gRPC's own server answers them. */
class GrpcProbeIT {
    private static final byte[] NOTHING = {};
    private static final byte[] SERVING = {8, 1};
    private static final byte[] NOT_SERVING = {8, 2};
    private static final MethodDescriptor<byte[], byte[]> CHECK = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final HttpClient kubelet = HttpClient.newHttpClient();
    private StatusServer server;
    private @Nullable Server app;

    /** Messages as they are on the wire. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void start() {
        server = new StatusServer();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        if (app != null) {
            app.shutdownNow();
            app.awaitTermination();
        }
    }

    private int app(String service, ServerCalls.UnaryMethod<byte[], byte[]> method) throws IOException {
        MethodDescriptor<byte[], byte[]> descriptor =
                CHECK.toBuilder().setFullMethodName(service + "/Check").build();
        app = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder(service)
                        .addMethod(descriptor, ServerCalls.asyncUnaryCall(method))
                        .build())
                .build()
                .start();
        return app.getPort();
    }

    /** An app whose named service is in order, the server as a whole is, and nothing else is. */
    private static void check(byte[] request, StreamObserver<byte[]> answers) {
        if (request.length == 0) {
            answers.onNext(SERVING);
            answers.onCompleted();
            return;
        }
        String name = new String(request, 2, request.length - 2, StandardCharsets.UTF_8);
        switch (name) {
            case "cart" -> answers.onNext(SERVING);
            case "stock" -> answers.onNext(NOT_SERVING);
            case "unknown" -> answers.onNext(NOTHING);
            default -> {
                answers.onError(
                        Status.NOT_FOUND.withDescription(name + " is not here").asRuntimeException());
                return;
            }
        }
        answers.onCompleted();
    }

    private HttpResponse<String> probe(int app, String rest, int seconds) throws IOException, InterruptedException {
        AppProbes probes = AppProbes.parse("{\"/app-health/cart/livez\": {\"grpc\": {\"port\": " + app + rest
                + "}, \"timeoutSeconds\": " + seconds + "}}");
        int port = server.bind(
                        new BindAddress("127.0.0.1", 0),
                        StatusPorts.probes(probes, server.probeClient(), new AtomicInteger()))
                .getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/app-health/cart/livez");
        return kubelet.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private void says(int status, String sentence, int app, String rest) throws IOException, InterruptedException {
        HttpResponse<String> answer = probe(app, rest, 30);
        assertEquals(sentence + "\n", answer.body());
        assertEquals(status, answer.statusCode());
    }

    @Test
    void whatTheAppServesIsAlive() throws Exception {
        int port = app("grpc.health.v1.Health", GrpcProbeIT::check);
        says(200, "SERVING", port, "");
        says(200, "SERVING", port, ", \"service\": null");
        says(200, "SERVING", port, ", \"service\": \"\"");
        says(200, "SERVING", port, ", \"service\": \"cart\"");
        says(503, "the app is not SERVING", port, ", \"service\": \"stock\"");
        says(503, "the app is not SERVING", port, ", \"service\": \"unknown\"");
        says(503, "the app ended the call with grpc-status 5: x is not here", port, ", \"service\": \"x\"");
    }

    @Test
    void longNamesOfServicesArrive() throws Exception {
        String name = "n".repeat(300);
        int port = app("grpc.health.v1.Health", (request, answers) -> {
            answers.onNext(request.length == 303 ? SERVING : NOT_SERVING);
            answers.onCompleted();
        });
        says(200, "SERVING", port, ", \"service\": \"" + name + "\"");
    }

    @Test
    void anAppWithoutHealthFails() throws Exception {
        int port = app("shop.Cart", GrpcProbeIT::check);
        says(503, "the app has no grpc.health.v1.Health", port, "");
    }

    @Test
    void anAppThatIsNotThereFails() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        assertEquals(503, probe(port, "", 30).statusCode());
    }

    @Test
    void anAppThatDoesNotAnswerFailsInTime() throws Exception {
        int port = app("grpc.health.v1.Health", (request, answers) -> {});
        HttpResponse<String> answer = probe(port, "", 1);
        assertTrue(answer.statusCode() >= 500, answer.body());
    }

    @Test
    void anAppThatSpeaksSomethingElseFails() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (var socket = other.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            thread.start();
            assertEquals(503, probe(other.getLocalPort(), "", 30).statusCode());
            thread.join();
        }
    }
}
