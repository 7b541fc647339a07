package dev.sluice.proxy.e2e.life;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with 12 MiB for buffers and hundreds of peers that take nothing of bodies of 4 MiB: it holds little for each of
 * them or ends what it must, never runs out, serves those who behave, and has all of its memory back afterwards.
 */
class OverloadIT {
    private static final String MEMORY = "-XX:MaxDirectMemorySize=12m -Xmx64m";
    private static final int MIB = 1024 * 1024;
    private static final int CLIENTS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Socket> clients = new ArrayList<>();
    private GreedyUpstream upstream;
    private SluiceProcess process;
    private AdminClient admin;
    private InetSocketAddress listener;

    @BeforeEach
    void start() throws Exception {
        upstream = new GreedyUpstream(4 * MIB);
        Files.writeString(
                folder.resolve("config.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                """
                        .formatted(upstream.port()));
        process = SluiceProcess.start(
                Map.of("JAVA_TOOL_OPTIONS", MEMORY),
                "run",
                folder.toString(),
                "--outbound",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
        String ready = String.valueOf(process.line());
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        admin = new AdminClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                json("/listeners?format=json")
                        .at("/listener_statuses/0/local_address/socket_address/port_value")
                        .asInt());
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        process.close();
        upstream.close();
    }

    @Test
    void clientsThatDoNotReadOverHttp1() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            connect("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        upstream.awaitRequests(CLIENTS / 2);
        isServedAndRecovers();
    }

    @Test
    void clientsThatDoNotReadOverHttp2() throws Exception {
        for (int i = 0; i < 6; i++) {
            connect(FrameText.manyRequests("shop", "/big", 60));
        }
        upstream.awaitRequests(100);
        isServedAndRecovers();
    }

    @Test
    void anUpstreamThatDoesNotTakeUploads() throws Exception {
        byte[] head = ("POST /never HTTP/1.1\r\nHost: shop\r\nContent-Length: " + 4 * MIB + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = new byte[4 * MIB];
        for (int i = 0; i < CLIENTS / 3; i++) {
            Socket client = connect(head);
            Thread pours = new Thread(() -> pour(client, body), "upload");
            pours.setDaemon(true);
            pours.start();
        }
        upstream.awaitRequests(CLIENTS / 6);
        isServedAndRecovers();
    }

    @Test
    void serversThatHaveSentEverythingAndClosed() throws Exception {
        for (int i = 0; i < 30; i++) {
            connect("GET /closed HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        upstream.awaitRequests(15);
        isServedAndRecovers();
    }

    // ---- what holds for all of them

    private void isServedAndRecovers() throws Exception {
        until(() -> assertEquals("HTTP/1.1 200", statusOf("/small")));
        long limit = metric("sluice_buffer_limit_bytes");
        assertTrue(limit >= 8 * MIB && limit <= 12 * MIB, () -> "limit " + limit);
        for (Socket client : clients) {
            // One that only ends its sending might still want an answer.
            client.setSoLinger(true, 0);
            client.close();
        }
        until(() -> assertEquals(0, activeRequests()));
        // The rest is what the allocator keeps for later.
        until(() -> assertTrue(metric("sluice_buffer_bytes") < limit / 2, () -> "buffers are not given back"));
        until(() -> assertEquals("HTTP/1.1 200", statusOf("/small")));
        assertEquals(0, metric("sluice_overload_exhausted_total"));
        assertEquals(0, metric("sluice_overload_active"));
        assertEquals(
                List.of(),
                process.err().stream()
                        .filter(line -> line.contains("OutOfMemory"))
                        .toList());
    }

    private static void until(ThrowingRunnable condition) {
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e instanceof IOException)
                .untilAsserted(condition);
    }

    private Socket connect(byte[] said) throws IOException {
        Socket socket = new Socket();
        // Before the connect: it decides on the window.
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(listener);
        clients.add(socket);
        socket.getOutputStream().write(said);
        return socket;
    }

    private static void pour(Socket client, byte[] body) {
        try {
            client.getOutputStream().write(body);
        } catch (IOException e) {
            // It is closed in the midst of it, by the test or by the proxy that has no room for it.
            assertTrue(client.isClosed() || e.getMessage() != null);
        }
    }

    private String statusOf(String path) throws IOException {
        try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.length() < 12 ? answer : answer.substring(0, 12);
        }
    }

    private long activeRequests() throws IOException {
        long active = 0;
        for (JsonNode cluster : json("/clusters?format=json").get("clusters")) {
            active += cluster.get("activeRequests").asLong();
        }
        return active;
    }

    private long metric(String name) throws IOException {
        return admin.get("/stats/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    private JsonNode json(String page) throws IOException {
        return new ObjectMapper().readTree(admin.get(page).body());
    }
}
