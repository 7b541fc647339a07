package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How connections of TLS end: with close_notify where all was said, without where a peer must not take what it has for all. The
 * JDK's sockets end at a close_notify and throw at any other end.
 */
class TlsEndsIT {
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n\r\nbody";
    private static final String COUNTED = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody";

    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8443, name: https, protocol: HTTPS}
                hosts: [web.example]
                tls: {mode: SIMPLE, credentialName: web}
              - port: {number: 9443, name: tls, protocol: TLS}
                hosts: [bytes.example]
                tls: {mode: SIMPLE, credentialName: web}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: bytes}
            spec:
              hosts: [bytes.example]
              gateways: [gw]
              tcp: [{route: [{destination: {host: app.example}}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: app}
            spec:
              host: app.example
              trafficPolicy: {tls: UPSTREAM}
            """;

    @TempDir
    Path files;

    private Pki pki;
    private SocketServer app;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("authority");
        Path own = Pki.write(files, "web", pki.issue("web.example", "bytes.example"));
        Files.writeString(own.resolve("ca.crt"), pki.pem());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        app.close();
    }

    private void serve(TlsProvider provider, String tls, SocketServer.Talk talk) throws Exception {
        app = new SocketServer(talk);
        proxy = TestProxy.start(
                TlsShop.behind(app.port(), GATEWAY.replace("UPSTREAM", tls)), new TlsRegistry(files, () -> provider));
    }

    /** An upstream of TLS that sends {@code answer} and ends, by close_notify or by a FIN alone. */
    private void answering(TlsProvider provider, String answer, boolean notifies) throws Exception {
        serve(provider, "{mode: SIMPLE, credentialName: web}", plain -> {
            SSLSocket tls = (SSLSocket) context().getSocketFactory().createSocket(plain, null, false);
            head(tls.getInputStream());
            write(tls, answer);
            if (notifies) {
                tls.close();
            } else {
                plain.shutdownOutput();
                plain.getInputStream().readAllBytes();
            }
        });
    }

    private SSLContext context() throws IOException {
        try {
            return pki.context(pki.issue("web.example"));
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private SSLSocket client(int port, String name) throws Exception {
        return TlsClient.open(pki.context(null), proxy.address(port), name).socket();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String rest(SSLSocket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, 1.0", "BORINGSSL, 1.1", "JDK, 1.0", "JDK, 1.1"})
    void aResponseUntilTheEndIsWholeByItsCloseNotify(TlsProvider provider, String version) throws Exception {
        answering(provider, UNTIL_CLOSE, true);
        try (SSLSocket client = client(8443, "web.example")) {
            write(client, "GET / HTTP/" + version + "\r\nHost: web.example\r\nConnection: close\r\n\r\n");
            String answer = rest(client);
            assertTrue(answer.endsWith(version.equals("1.0") ? "\r\n\r\nbody" : "4\r\nbody\r\n0\r\n\r\n"), answer);
        }
    }

    /** As in Envoy and HAProxy: RFC 9112, section 9.8 would have it cut short, and plenty of servers end that way. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aResponseUntilTheEndIsTakenForWholeWithoutOneToo(TlsProvider provider) throws Exception {
        answering(provider, UNTIL_CLOSE, false);
        try (SSLSocket client = client(8443, "web.example")) {
            write(client, "GET / HTTP/1.1\r\nHost: web.example\r\nConnection: close\r\n\r\n");
            assertTrue(rest(client).endsWith("4\r\nbody\r\n0\r\n\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aResponseThatIsCutIsNoEndForAClientThatKnowsNoChunks(TlsProvider provider) throws Exception {
        serve(provider, "{mode: DISABLE}", plain -> {
            head(plain.getInputStream());
            write(plain, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n");
        });
        try (SSLSocket client = client(8443, "web.example")) {
            write(client, "GET / HTTP/1.0\r\nHost: web.example\r\n\r\n");
            assertThrows(IOException.class, () -> rest(client));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void oneWithALengthIsWholeAsSoonAsThatIsThere(TlsProvider provider) throws Exception {
        answering(provider, COUNTED, false);
        try (SSLSocket client = client(8443, "web.example")) {
            write(client, "GET / HTTP/1.1\r\nHost: web.example\r\nConnection: close\r\n\r\n");
            assertTrue(rest(client).endsWith("\r\n\r\nbody"));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aResetOfBytesIsNoEndOfThem(TlsProvider provider) throws Exception {
        serve(provider, "{mode: DISABLE}", plain -> {
            plain.getInputStream().read();
            write(plain, "a");
            plain.getInputStream().read();
            plain.setSoLinger(true, 0);
        });
        try (SSLSocket client = client(9443, "bytes.example")) {
            write(client, "1");
            assertEquals('a', client.getInputStream().read());
            write(client, "2");
            assertThrows(IOException.class, () -> rest(client));
        }
    }
}
