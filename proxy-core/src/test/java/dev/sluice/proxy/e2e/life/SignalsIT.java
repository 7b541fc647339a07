package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.app.Main;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.SteadyClients;
import dev.sluice.proxy.e2e.fixture.TestJvm;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of {@code sluice run} and its signals, while clients go on sending (spec/reliability.md D10, D12). */
class SignalsIT {
    @TempDir
    private Path folder;

    private TestUpstream upstream;
    private Process process;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        upstream = new TestUpstream("v1");
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        String yaml = Shop.yaml(upstream.port())
                .replace("number: 8080", "number: " + address.getPort())
                .replace("hosts: [\"*\"]\n---", "bind: 127.0.0.1\n    hosts: [\"*\"]\n---");
        Files.writeString(folder.resolve("shop.yaml"), yaml);
        process = new ProcessBuilder(
                        TestJvm.command(Main.class, "run", "--admin", "off", "--drain", "10", folder.toString()))
                .redirectError(
                        folder.resolveSibling(folder.getFileName() + ".log").toFile())
                .start();
        String ready = process.inputReader(StandardCharsets.UTF_8).readLine();
        assertEquals("ready listeners=1 admin=off", ready, this::log);
    }

    @AfterEach
    void stop() throws Exception {
        process.destroyForcibly().waitFor();
        upstream.close();
        Files.deleteIfExists(logFile());
    }

    @Test
    void hupReloadsAndTermDrainsWithoutAFailedRequest() throws Exception {
        try (SteadyClients clients = new SteadyClients(address).start(2, 2)) {
            Awaitility.await().until(() -> clients.answers() >= 100);
            signal("HUP");
            Awaitility.await("reload").until(() -> log().contains("configuration 2 in force"));
            int served = clients.answers();
            Awaitility.await().until(() -> clients.answers() >= served + 100);
            assertEquals(0, clients.toldToClose() + clients.twoStepGoAways());
            signal("TERM");
            clients.awaitTold();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends within its drain time");
            assertEquals(0, process.exitValue(), this::log);
            assertEquals(List.of(), List.copyOf(clients.failures()));
            assertEquals(2, clients.toldToClose());
            assertEquals(2, clients.twoStepGoAways());
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    private Path logFile() {
        return folder.resolveSibling(folder.getFileName() + ".log");
    }

    private String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Free a moment ago; nobody else on this machine is likely to take it before the process does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
