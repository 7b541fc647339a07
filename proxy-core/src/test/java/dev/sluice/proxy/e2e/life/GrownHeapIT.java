package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import dev.sluice.proxy.e2e.fixture.Wire;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose clients come and go has a heap that grows by what they leave, which no collector looks at. */
class GrownHeapIT {
    private static final int CROWD = 200;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private Path config;
    private Path socket;
    private Path log;

    @BeforeEach
    void configure() throws IOException {
        socket = folder.resolve("a.sock");
        log = folder.resolve("gc.log");
        config = folder.resolve("edge.yaml");
        Files.writeString(
                config,
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge}
                spec:
                  servers:
                  - {port: {number: 0, name: http, protocol: HTTP}, bind: 'unix://%s', hosts: ['*']}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: hello}
                spec:
                  hosts: ['*']
                  gateways: [edge]
                  http:
                  - directResponse: {status: 200, body: {string: hello}}
                """
                        .formatted(socket));
    }

    @Test
    void itIsCollectedWhileClientsComeAndGo() throws Exception {
        // A first generation so small that a connection outlives it.
        String options = "-Dsluice.creep=2 -XX:+UseSerialGC -Xms16m -Xmn1m -Xmx512m -Xlog:gc:file=" + log;
        try (SluiceProcess process =
                SluiceProcess.start(Map.of("JAVA_TOOL_OPTIONS", options), "run", config.toString(), "--admin", "off")) {
            process.linesTo(line -> line.startsWith("ready"));
            Awaitility.await("a full collection that the proxy asked for")
                    .atMost(100, TimeUnit.SECONDS)
                    .until(this::isCollectedAfterACrowd);
        }
    }

    private boolean isCollectedAfterACrowd() throws IOException {
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                crowd.add(client);
                client.write(ByteBuffer.wrap(REQUEST));
                byte[] start = Channels.newInputStream(client).readNBytes(12);
                assertEquals("HTTP/1.1 200", Wire.text(start));
            }
        } finally {
            for (SocketChannel client : crowd) {
                client.close();
            }
        }
        return Files.readString(log).contains("Pause Full (System.gc())");
    }
}
