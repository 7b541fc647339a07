package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 and gRPC inside TLS, agreed on by ALPN on both sides of the proxy, by both providers. */
class TlsGrpcIT {
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> BOTH = GrpcText.method("Both", MethodType.BIDI_STREAMING);
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8443, name: https, protocol: HTTPS}
                hosts: [web.example]
                tls: {mode: SIMPLE, credentialName: web}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: echo}
            spec:
              hosts: [echo.example]
              resolution: STATIC
              ports: [{number: 80, name: grpc, protocol: GRPC}]
              endpoints: [{address: 127.0.0.1, ports: {grpc: PORT}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: echo}
            spec:
              hosts: [web.example]
              gateways: [gw]
              http:
              - match: [{uri: {prefix: /test.Echo/}}]
                route: [{destination: {host: echo.example}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: echo}
            spec:
              host: echo.example
              trafficPolicy:
                tls: {mode: SIMPLE, caCertificates: CA, sni: echo.example}
            """;

    @TempDir
    Path files;

    private Pki pki;
    private Server server;
    private TestProxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("authority");
        Files.writeString(files.resolve("ca.crt"), pki.pem());
        Pki.write(files, "web", pki.issue("web.example"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null) {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    private void serve(TlsProvider provider, String upstreamsName) throws Exception {
        Path own = Pki.write(files, "upstream", pki.issue(upstreamsName));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.forServer(
                                own.resolve("tls.crt").toFile(),
                                own.resolve("tls.key").toFile())
                        .build())
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answers) -> {
                            answers.onNext("secured " + request);
                            answers.onCompleted();
                        }))
                        .addMethod(
                                BOTH,
                                ServerCalls.asyncBidiStreamingCall(answers -> GrpcText.echoing("secured", answers)))
                        .build())
                .build()
                .start();
        proxy = TestProxy.start(
                YAML.replace("PORT", Integer.toString(server.getPort()))
                        .replace("CA", files.resolve("ca.crt").toString()),
                new TlsRegistry(files, () -> provider));
        channel = NettyChannelBuilder.forAddress(proxy.address(8443))
                .overrideAuthority("web.example")
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(files.resolve("ca.crt").toFile())
                        .build())
                .build();
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void callsPassBothSidesOfTheProxyOverOneConnectionEach(TlsProvider provider) throws Exception {
        serve(provider, "echo.example");
        for (int i = 0; i < 20; i++) {
            assertEquals("secured " + i, ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "" + i));
        }
        assertEquals(1, proxy.proxy().tls().counters().handshakes(Side.DOWNSTREAM));
        assertEquals(1, proxy.proxy().tls().counters().handshakes(Side.UPSTREAM));
        ConnectionTls upstream = Objects.requireNonNull(proxy.ended().upstreamTls());
        assertEquals("echo.example", upstream.peer(CertificateFact.DNS_SAN));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void messagesLargerThanARecordPassWhileBothSidesAreOpen(TlsProvider provider) throws Exception {
        serve(provider, "echo.example");
        Queue<String> got = new ConcurrentLinkedQueue<>();
        StreamObserver<String> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(BOTH, CallOptions.DEFAULT), GrpcText.into(got));
        String large = "x".repeat(100_000);
        for (int i = 1; i <= 10; i++) {
            requests.onNext(large);
            int sent = i;
            // Answered before the next: nothing is held back.
            Awaitility.await().until(() -> got.size() == sent);
        }
        requests.onCompleted();
        Awaitility.await().until(() -> got.size() == 11);
        for (int i = 0; i < 10; i++) {
            assertEquals("secured " + large, got.poll());
        }
        assertEquals("OK", got.poll());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void anUpstreamWithACertificateForAnotherNameIsUnavailable(TlsProvider provider) throws Exception {
        serve(provider, "other.example");
        StatusRuntimeException failure = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, "hello"));
        assertEquals(Status.Code.UNAVAILABLE, failure.getStatus().getCode());
        assertTrue(proxy.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.NAME_MISMATCH) >= 1);
    }
}
