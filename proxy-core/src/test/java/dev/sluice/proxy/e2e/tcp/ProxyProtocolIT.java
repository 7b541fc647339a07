package dev.sluice.proxy.e2e.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That an upstream is told of each client, of the right one, before all else. */
class ProxyProtocolIT {
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocket server;
    private TestProxy proxy;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
        proxy.close();
        server.close();
    }

    private Socket connect(int port) throws IOException {
        Socket client = Streams.connect(proxy.address(port));
        open.add(client);
        return client;
    }

    private Socket accept() throws IOException {
        Socket upstream = server.accept();
        upstream.setSoTimeout(60_000);
        open.add(upstream);
        return upstream;
    }

    private String line(Socket client) {
        InetSocketAddress to = (InetSocketAddress) client.getRemoteSocketAddress();
        return "PROXY TCP4 127.0.0.1 " + to.getAddress().getHostAddress() + " " + client.getLocalPort() + " "
                + to.getPort() + "\r\n";
    }

    private void startTcp(String version) throws Exception {
        proxy = TestProxy.start(Streams.yaml(
                "[{destination: {host: bytes.example.com}}]",
                "{proxyProtocol: {" + version + "}}",
                server.getLocalPort()));
    }

    @Test
    void aConnectionOfBytesBeginsWithALineOfItsClient() throws Exception {
        startTcp("");
        Socket client = connect(9000);
        Socket upstream = accept();
        String line = line(client);
        assertEquals(line, Streams.read(upstream, line.length()));
        Streams.send(client, "hello");
        assertEquals("hello", Streams.read(upstream, 5));
    }

    @Test
    void version2BeginsWithItsSignatureAndAddresses() throws Exception {
        startTcp("version: V2");
        Socket client = connect(9000);
        byte[] header = accept().getInputStream().readNBytes(28);
        InetSocketAddress to = (InetSocketAddress) client.getRemoteSocketAddress();
        assertEquals(
                "0d0a0d0a000d0a515549540a" + "2111000c" + "7f000001"
                        + HexFormat.of().formatHex(to.getAddress().getAddress())
                        + HexFormat.of().toHexDigits((short) client.getLocalPort())
                        + HexFormat.of().toHexDigits((short) to.getPort()),
                HexFormat.of().formatHex(header));
    }

    @Test
    void requestsShareAConnectionWithThoseOfTheirOwnClientOnly() throws Exception {
        proxy = TestProxy.start(
                Shop.yaml(server.getLocalPort())
                        + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: told}
                spec:
                  host: shop.example.com
                  trafficPolicy: {proxyProtocol: {version: V1}}
                """);
        Socket first = connect(8080);
        Socket second = connect(8080);
        get(first);
        Socket ofFirst = accept();
        assertEquals(line(first), Streams.read(ofFirst, line(first).length()));
        answer(ofFirst, first);
        get(second);
        Socket ofSecond = accept();
        assertEquals(line(second), Streams.read(ofSecond, line(second).length()));
        answer(ofSecond, second);
        get(first);
        answer(ofFirst, first);
    }

    private static void get(Socket client) throws IOException {
        Streams.send(client, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
    }

    private static void answer(Socket upstream, Socket client) throws IOException {
        assertTrue(head(upstream).startsWith("GET / HTTP/1.1\r\n"));
        Streams.send(upstream, "HTTP/1.1 204 No Content\r\n\r\n");
        assertTrue(head(client).startsWith("HTTP/1.1 204 "));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = socket.getInputStream().read();
            assertTrue(read >= 0, () -> "closed after " + head);
            head.append(new String(new byte[] {(byte) read}, StandardCharsets.US_ASCII));
        }
        return head.toString();
    }
}
