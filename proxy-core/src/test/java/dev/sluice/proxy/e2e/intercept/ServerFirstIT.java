package dev.sluice.proxy.e2e.intercept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Protocols in which the server speaks first, through an intercepting proxy that was told nothing of the port, its address
 * alone, or what is spoken: their clients wait for a greeting that no detection may withhold.
 */
class ServerFirstIT {
    private static final int OUTBOUND = 15_001;
    /** What follows the version in a greeting of MySQL, of a fixed connection: nonce, capabilities and a plugin's name. */
    private static final byte[] HANDSHAKE_REST = new byte[31];

    private SocketServer mysql;
    private SocketServer smtp;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        mysql = new SocketServer(client -> {
            byte[] version = "\n8.0.36\0".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream()
                    .write(packet(
                            0,
                            ByteBuffer.allocate(version.length + HANDSHAKE_REST.length)
                                    .put(version)
                                    .put(HANDSHAKE_REST)
                                    .array()));
            byte[] login = packet(client.getInputStream());
            boolean sound = new String(login, StandardCharsets.US_ASCII).contains("root");
            client.getOutputStream().write(packet(2, new byte[] {(byte) (sound ? 0 : 0xff), 0, 0, 2, 0, 0, 0}));
        });
        smtp = new SocketServer(client -> {
            Streams.send(client, "220 mail.example ESMTP\r\n");
            Streams.send(client, "250-mail.example greets " + line(client) + "\r\n250 STARTTLS\r\n");
            Streams.send(client, line(client).equals("QUIT") ? "221 bye\r\n" : "500 what\r\n");
        });
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: told}
                spec:
                  hosts: [told.example]
                  addresses: [10.96.0.20]
                  resolution: STATIC
                  ports:
                  - {number: 3306, name: any-mysql}
                  - {number: 25, name: any-smtp}
                  - {number: 4306, name: tcp-mysql, protocol: TCP}
                  - {number: 4025, name: tcp-smtp, protocol: TCP}
                  endpoints:
                  - address: 127.0.0.1
                    ports: {any-mysql: %1$d, tcp-mysql: %1$d, any-smtp: %2$d, tcp-smtp: %2$d}
                """
                        .formatted(mysql.port(), smtp.port()),
                ProxyIdentity.of("default").withIntercept(true));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        mysql.close();
        smtp.close();
    }

    /** A packet of MySQL: three bytes of length, a number, a payload. */
    private static byte[] packet(int number, byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length | number << 24)
                .put(payload)
                .array();
    }

    private static byte[] packet(InputStream in) throws IOException {
        int head = Integer.reverseBytes(new DataInputStream(in).readInt());
        return in.readNBytes(head & 0xffffff);
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read(); next >= 0 && next != '\n'; ) {
            line.append(next == '\r' ? "" : (char) next);
            next = socket.getInputStream().read();
        }
        return line.toString();
    }

    /** Port 0 is the server's own at its own address: one that nobody declared. */
    @ParameterizedTest
    @CsvSource({"10.96.0.20, 3306", "10.96.0.20, 4306", "127.0.0.1, 0"})
    void mysqlGreetsItsClient(String dialled, int port) throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, dialled, port == 0 ? mysql.port() : port)) {
            byte[] greeting = packet(client.getInputStream());
            assertEquals(10, greeting[0], "the protocol's version");
            assertTrue(new String(greeting, StandardCharsets.US_ASCII).contains("8.0.36"));
            client.getOutputStream().write(packet(1, "\0\0root\0".getBytes(StandardCharsets.US_ASCII)));
            assertArrayEquals(new byte[] {0, 0, 0, 2, 0, 0, 0}, packet(client.getInputStream()));
        }
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.20, 25", "10.96.0.20, 4025", "127.0.0.1, 0"})
    void smtpGreetsItsClient(String dialled, int port) throws IOException {
        try (Socket client = proxy.redirected(OUTBOUND, dialled, port == 0 ? smtp.port() : port)) {
            assertEquals("220 mail.example ESMTP", line(client));
            Streams.send(client, "EHLO me.example\r\n");
            assertEquals("250-mail.example greets EHLO me.example", line(client));
            assertEquals("250 STARTTLS", line(client));
            Streams.send(client, "QUIT\r\n");
            assertEquals("221 bye", line(client));
        }
    }
}
