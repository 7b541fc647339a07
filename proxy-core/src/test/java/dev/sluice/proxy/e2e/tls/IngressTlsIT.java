package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS that a Sidecar ends for its app: listeners that are connected to, and connections that were redirected. */
class IngressTlsIT {
    private static final int INBOUND = 15006;
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";

    @TempDir
    Path files;

    private Pki pki;
    private TestUpstream app;
    private SocketServer echo;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("authority");
        Pki.write(files, "own", pki.issue("app.example"));
        Files.writeString(files.resolve("ca.crt"), pki.pem());
        app = new TestUpstream("app");
        echo = new SocketServer(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                client -> client.getInputStream().transferTo(client.getOutputStream()));
    }

    @AfterEach
    void stop() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
        app.close();
        echo.close();
    }

    private void serve(TlsProvider provider, boolean captured) throws Exception {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  ingress:
                  - port: {number: 8443, name: https, protocol: HTTPS}
                    defaultEndpoint: 127.0.0.1:APP
                    tls: {mode: SIMPLE, serverCertificate: DIR/own/tls.crt, privateKey: DIR/own/tls.key}CAPTURE
                  - port: {number: 8444, name: tls, protocol: TLS}
                    defaultEndpoint: 127.0.0.1:ECHO
                    tls: {mode: SIMPLE, serverCertificate: DIR/own/tls.crt, privateKey: DIR/own/tls.key}CAPTURE
                  - port: {number: 8445, name: mutual, protocol: HTTPS}
                    defaultEndpoint: 127.0.0.1:APP
                    tls: {mode: MUTUAL, serverCertificate: DIR/own/tls.crt, privateKey: DIR/own/tls.key, caCertificates: DIR/ca.crt}CAPTURE
                """
                        .replace("APP", String.valueOf(app.port()))
                        .replace("ECHO", String.valueOf(echo.port()))
                        .replace("DIR", files.toString())
                        .replace("CAPTURE", captured ? "" : "\n    captureMode: NONE");
        proxy = TestProxy.start(
                yaml, ProxyIdentity.of("default").withIntercept(captured), new TlsRegistry(null, () -> provider));
    }

    /** A connection as a client of the pod makes it. */
    private Socket dial(boolean captured, int port) throws IOException {
        return captured ? proxy.redirected(INBOUND, "10.1.1.1", port) : Streams.connect(proxy.address(port));
    }

    private TlsClient secure(boolean captured, int port, SSLContext context) throws IOException {
        return TlsClient.over(context, dial(captured, port), "app.example");
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, false", "JDK, false", "BORINGSSL, true", "JDK, true"})
    void requestsInsideTlsReachTheAppInTheClear(TlsProvider provider, boolean captured) throws Exception {
        serve(provider, captured);
        try (TlsClient client = secure(captured, 8443, pki.context(null))) {
            String answer = client.get("app.example", "/a", "x-forwarded-client-cert: By=forged");
            assertTrue(answer.endsWith("app GET /a 0"), answer);
        }
        assertEquals("https", app.seen().get(0).header("x-forwarded-proto"));
        assertEquals(null, app.seen().get(0).header("x-forwarded-client-cert"));
        assertEquals(1, proxy.proxy().tls().counters().handshakes(Side.DOWNSTREAM));
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, false", "JDK, false", "BORINGSSL, true", "JDK, true"})
    void bytesInsideTlsReachTheAppInTheClear(TlsProvider provider, boolean captured) throws Exception {
        serve(provider, captured);
        try (TlsClient client = secure(captured, 8444, pki.context(null))) {
            client.socket().getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertEquals("hello", Streams.read(client.socket(), 5));
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, false", "JDK, false", "BORINGSSL, true", "JDK, true"})
    void aClientWithACertificateIsToldOfAndOneWithoutIsRefused(TlsProvider provider, boolean captured)
            throws Exception {
        serve(provider, captured);
        try (TlsClient client = secure(captured, 8445, pki.context(pki.issue(CLIENT)))) {
            assertTrue(client.get("app.example", "/").startsWith("HTTP/1.1 200"));
        }
        String told = app.seen().get(0).header("x-forwarded-client-cert");
        assertTrue(told.endsWith("URI=" + CLIENT), told);
        assertThrows(IOException.class, () -> {
            try (TlsClient client = secure(captured, 8445, pki.context(null))) {
                client.get("app.example", "/");
            }
        });
        Awaitility.await()
                .until(() ->
                        proxy.proxy().tls().counters().failures(Side.DOWNSTREAM, TlsFailure.NO_PEER_CERTIFICATE) == 1);
        assertEquals(1, app.seen().size());
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, false", "BORINGSSL, true"})
    void whatIsNoTlsIsClosedAndReachesNobody(TlsProvider provider, boolean captured) throws Exception {
        serve(provider, captured);
        for (int port : new int[] {8443, 8444}) {
            try (Socket client = dial(captured, port)) {
                Streams.send(client, "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
                assertEquals(-1, end(client));
            }
        }
        // Where one can connect without being redirected it is a connection that no chain takes, as any.
        Awaitility.await()
                .until(() -> 2
                        == (captured
                                ? proxy.proxy().tls().counters().failures(Side.DOWNSTREAM, TlsFailure.PROTOCOL)
                                : proxy.streams().size()));
        assertTrue(app.seen().isEmpty());
    }

    /** In order, or with a reset where what was sent has not been read. */
    private static int end(Socket client) throws IOException {
        try {
            return client.getInputStream().read();
        } catch (SocketException e) {
            return -1;
        }
    }
}
