package dev.sluice.proxy.e2e.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.e2e.fixture.AdminClient;
import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of clients that send nothing end after Istio's {@code ISTIO_META_IDLE_TIMEOUT}. */
class IdleConnectionsIT {
    private static final String HTTP1 = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /** The preface, with empty SETTINGS. */
    private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    @TempDir
    private Path folder;

    @Test
    void whicheverProtocolTheySpeakAndBeforeTheySpeakAny() throws Exception {
        Files.createFile(folder.resolve("empty.yaml"));
        try (SluiceProcess process = SluiceProcess.start(
                Map.of(),
                "run",
                folder.toString(),
                "--outbound",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--set",
                "outboundTrafficPolicy.mode=REGISTRY_ONLY",
                "--set",
                "defaultConfig.proxyMetadata.ISTIO_META_IDLE_TIMEOUT=500ms")) {
            InetSocketAddress listener = listener(process);
            assertTrue(endOf(listener, HTTP1).startsWith("HTTP/1.1 502 "), "the answer comes first");
            endOf(listener, HTTP2);
            assertEquals("", endOf(listener, ""));
        }
    }

    /** Everything that comes up to the end of the connection, which has to come by itself. */
    private static String endOf(InetSocketAddress listener, String said) throws IOException {
        try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static InetSocketAddress listener(SluiceProcess process) throws IOException {
        String ready = String.valueOf(process.line());
        int admin = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        String listeners = new AdminClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin))
                .get("/listeners?format=json")
                .body();
        int port = new ObjectMapper()
                .readTree(listeners)
                .at("/listener_statuses/0/local_address/socket_address/port_value")
                .asInt();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
