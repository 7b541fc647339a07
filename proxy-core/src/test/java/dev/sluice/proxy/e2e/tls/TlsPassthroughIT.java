package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.ClientHellos;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TLS that passes through a gateway: told apart by server name, opened by the upstream alone. */
class TlsPassthroughIT {
    private final List<AutoCloseable> open = new ArrayList<>();
    private String yaml;
    private Pki pki;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("authority");
        StringBuilder text = new StringBuilder(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8443, name: tls, protocol: TLS}
                    hosts: ["*"]
                    tls: {mode: PASSTHROUGH}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: sni}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  tls:
                  - match: [{sniHosts: ["*.example.com"]}]
                    route: [{destination: {host: wild.internal}}]
                  - match: [{sniHosts: ["a.example.com"]}]
                    route: [{destination: {host: exact.internal}}]
                  - match: [{sniHosts: ["*.deep.example.com"], port: 8443}]
                    route: [{destination: {host: deep.internal}}]
                  - match: [{sniHosts: ["b.example.com"], port: 9999}]
                    route: [{destination: {host: exact.internal}}]
                """);
        for (String name : List.of("wild", "exact", "deep")) {
            text.append(
                    """
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: %1$s}
                    spec:
                      hosts: [%1$s.internal]
                      resolution: STATIC
                      ports: [{number: 443, name: tls, protocol: TLS}]
                      endpoints: [{address: 127.0.0.1, ports: {tls: %2$d}}]
                    """
                            .formatted(name, greeter(name).port()));
        }
        yaml = text.toString();
        proxy = TestProxy.start(yaml);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    /** Says its name once the handshake is done, then echoes. */
    private SocketServer greeter(String name) throws Exception {
        SSLServerSocket server = (SSLServerSocket) pki.context(pki.issue("upstream.test"))
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SocketServer started = new SocketServer(server, client -> {
            Streams.send(client, name + ".");
            client.getInputStream().transferTo(client.getOutputStream());
        });
        open.add(started);
        return started;
    }

    /** @param serverName null for a client that names none */
    private SSLSocket connect(@Nullable String serverName) throws Exception {
        SSLContext context = pki.context(null);
        Socket plain = Streams.connect(proxy.address(8443));
        open.add(plain);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", 8443, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private String served(@Nullable String serverName) throws Exception {
        SSLSocket socket = connect(serverName);
        StringBuilder name = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '.';
                c = socket.getInputStream().read()) {
            name.append((char) c);
        }
        Streams.send(socket, "ping");
        assertEquals("ping", Streams.read(socket, 4));
        return name.toString();
    }

    @Test
    void theExactNameGoesBeforeTheLongestWildcardWhateverTheOrder() throws Exception {
        assertEquals("exact", served("a.example.com"));
        assertEquals("wild", served("b.example.com"));
        assertEquals("deep", served("x.deep.example.com"));
        assertEquals("deep", served("x.y.deep.example.com"));
        assertEquals("exact", served("A.Example.COM"));
    }

    @Test
    void aNameThatNoRuleHasIsRefusedBeforeAnyUpstreamIsReached() {
        assertThrows(IOException.class, () -> connect("example.com"));
        assertThrows(IOException.class, () -> connect("elsewhere.test"));
    }

    @Test
    void aRuleForAStarTakesTheNamesThatNoOtherRuleHasAndClientsWithoutOne() throws Exception {
        proxy.reload(yaml.replace("sniHosts: [\"*.deep.example.com\"]", "sniHosts: [\"*\"]"));
        assertEquals("deep", served("elsewhere.test"));
        assertEquals("deep", served(null));
        assertEquals("wild", served("b.example.com"));
        assertEquals("exact", served("a.example.com"));
    }

    @Test
    void aClientHelloInManyPiecesIsPutTogether() throws Exception {
        byte[] hello = ClientHellos.named("a.example.com");
        Socket client = Streams.connect(proxy.address(8443));
        open.add(client);
        for (byte piece : hello) {
            client.getOutputStream().write(piece);
        }
        // The first record of the upstream's answer: a handshake.
        assertEquals(22, client.getInputStream().read());
    }

    @Test
    void whatIsNoTlsIsClosed() throws Exception {
        assertEquals("", answerInClearText());
    }

    @Test
    void withoutAnyRuleEveryNameIsRefusedAndClearTextIsClosedTooNotTakenForHttp() throws Exception {
        proxy.reload(yaml.replace("gateways: [gw]", "gateways: [other]"));
        IOException refused = assertThrows(IOException.class, () -> connect("a.example.com"));
        assertTrue(String.valueOf(refused.getMessage()).contains("unrecognized_name"), refused.toString());
        assertEquals("", answerInClearText());
    }

    /** What a request of HTTP in clear text is answered; nothing where it is closed by a reset, too. */
    private String answerInClearText() throws IOException {
        Socket client = Streams.connect(proxy.address(8443));
        open.add(client);
        Streams.send(client, "GET / HTTP/1.1\r\nhost: a\r\n\r\n");
        try {
            return Streams.readAll(client);
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
            return "";
        }
    }
}
