package dev.sluice.proxy.e2e.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One port on every address and on a single one, as Gateways with and without {@code bind} ask for it. */
class SharedPortIT {
    private static final int ATTEMPTS = 10;
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web}
            spec:
              servers:
              - {port: {number: %1$d, name: all, protocol: HTTP}, hosts: ["*"]}
            %2$s---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web}
            spec:
              hosts: ["*"]
              gateways: [web]
              http: [{directResponse: {status: 200, body: {string: hello}}}]
            """;

    private static final String SINGLE =
            "  - {port: {number: %1$d, name: one, protocol: HTTP}, bind: 127.0.0.1, hosts: [\"*\"]}\n";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void port() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private void write(String more) throws IOException {
        Path next = Files.writeString(folder.resolve("web.next"), GATEWAY.formatted(port, more.formatted(port)));
        Files.move(next, folder.resolve("web.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** The port was free a moment before: somebody else may take it meanwhile. */
    private SluiceProcess start(String transport, String more, int listeners) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            write(more);
            SluiceProcess process =
                    SluiceProcess.start(Map.of(), "run", folder.toString(), "--admin", "off", "--transport", transport);
            if (("ready listeners=" + listeners + " admin=off").equals(process.line())) {
                return process;
            }
            assertTrue(attempt < ATTEMPTS, String.join("\n", process.err()));
            process.close();
            port();
        }
    }

    private void answers(String host) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("hello", answer.body(), host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void bothAreBoundAtTheStart(String transport) throws Exception {
        try (SluiceProcess process = start(transport, SINGLE, 2)) {
            answers("127.0.0.1");
            answers("127.0.0.2");
            assertFalse(String.join("\n", process.err()).contains("cannot bind"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void theOneComesBesideTheOtherByAReload(String transport) throws Exception {
        try (SluiceProcess process = start(transport, "", 1)) {
            write(SINGLE);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> String.join("\n", process.err())
                    .contains("configuration 2 in force: 1 files, 2 listeners"));
            assertFalse(String.join("\n", process.err()).contains("cannot bind"));
            answers("127.0.0.1");
            answers("127.0.0.2");
        }
    }
}
