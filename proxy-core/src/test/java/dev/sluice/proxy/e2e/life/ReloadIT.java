package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.SteadyClients;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that change while clients go on sending: no request fails, and no connection is closed for it. */
class ReloadIT {
    private TestUpstream v1;
    private TestUpstream v2;

    @BeforeEach
    void start() throws IOException {
        v1 = new TestUpstream("v1");
        v2 = new TestUpstream("v2");
    }

    @AfterEach
    void stop() {
        v1.close();
        v2.close();
    }

    @Test
    void aHundredSwapsFailNoRequest() throws Exception {
        try (TestProxy proxy = TestProxy.start(Shop.yaml(v1.port()));
                SteadyClients clients = new SteadyClients(proxy.address(8080)).start(4, 4)) {
            for (int swap = 1; swap <= 100; swap++) {
                int served = clients.answers();
                // Another upstream each time, and another route chain every other time.
                proxy.reload(
                        Shop.yaml(swap % 2 == 0 ? v1.port() : v2.port(), "HTTP", swap % 4 < 2 ? "" : "timeout: 30s,"));
                Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> clients.answers() >= served + 8);
            }
            clients.stop();
            assertEquals(List.of(), List.copyOf(clients.failures()));
            assertEquals(0, clients.toldToClose() + clients.twoStepGoAways());
            assertTrue(v1.seen().size() >= 100 && v2.seen().size() >= 100, "both were in force");
        }
    }

    /** The layout of a mounted ConfigMap: files are links through {@code ..data}, which is swapped by a rename. */
    @Test
    void aConfigMapThatIsSwappedFailsNoRequest(@TempDir Path folder) throws Exception {
        generation(folder, 0, Shop.yaml(v1.port()));
        Files.createSymbolicLink(folder.resolve("shop.yaml"), Path.of("..data", "shop.yaml"));
        AtomicInteger loads = new AtomicInteger();
        try (TestProxy proxy = TestProxy.watching(folder, loads::incrementAndGet);
                SteadyClients clients = new SteadyClients(proxy.address(8080)).start(2, 2)) {
            for (int swap = 1; swap <= 3; swap++) {
                TestUpstream now = swap % 2 == 0 ? v1 : v2;
                int before = now.seen().size();
                generation(folder, swap, Shop.yaml(now.port()));
                int wanted = swap;
                Awaitility.await("swap " + swap).until(() -> now.seen().size() >= before + 10 && loads.get() >= wanted);
            }
            clients.stop();
            // Once for each swap, whatever number of file events it made.
            assertEquals(3, loads.get());
            assertEquals(List.of(), List.copyOf(clients.failures()));
            assertEquals(0, clients.toldToClose() + clients.twoStepGoAways());
        }
    }

    private static void generation(Path folder, int number, String yaml) throws IOException {
        Path data = Files.createDirectory(folder.resolve("..2026_" + number));
        Files.writeString(data.resolve("shop.yaml"), yaml);
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
