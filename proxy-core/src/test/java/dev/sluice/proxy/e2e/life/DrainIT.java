package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.SteadyClients;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A drain while clients go on sending (spec/reliability.md D10): each is told to leave, and no request fails. */
class DrainIT {
    private static final long DRAIN_MILLIS = 10_000;

    private TestUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new TestUpstream("v1");
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    private CompletableFuture<Boolean> drain() {
        return drain(0);
    }

    private CompletableFuture<Boolean> drain(long leastMillis) {
        return Aside.supply(() -> {
            try {
                return proxy.proxy().drain(leastMillis, DRAIN_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void everyClientIsToldToLeaveAndNoRequestFails() throws Exception {
        try (SteadyClients clients = new SteadyClients(proxy.address(8080)).start(4, 4)) {
            Awaitility.await().until(() -> clients.answers() >= 400);
            long began = System.nanoTime();
            CompletableFuture<Boolean> clean = drain();
            clients.awaitTold();
            assertTrue(clean.get(60, TimeUnit.SECONDS), "every connection ended by itself");
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertTrue(millis < DRAIN_MILLIS, "ended after " + millis + " ms");
            assertEquals(List.of(), List.copyOf(clients.failures()));
            assertEquals(4, clients.toldToClose());
            assertEquals(4, clients.twoStepGoAways());
        }
    }

    @Test
    void whoComesLateIsServedAndToldToLeaveToo() throws Exception {
        try (WireH2 longCall = new WireH2(proxy.address(8080));
                SteadyClients late = new SteadyClients(proxy.address(8080))) {
            // A request without end keeps the drain going.
            longCall.post(1).data(1, false, "x");
            longCall.readUntil(line -> line.equals("SETTINGS ACK"));
            CompletableFuture<Boolean> clean = drain();
            longCall.readUntil(line -> line.startsWith("GOAWAY 1 "));
            // All connections were told to close when idle; these are new.
            late.start(2, 2).awaitTold();
            assertEquals(List.of(), List.copyOf(late.failures()));
            assertEquals(2, late.toldToClose());
            assertEquals(2, late.twoStepGoAways());
            assertTrue(longCall.data(1, true, "y").answer(1).contains(" :status=200"));
            assertTrue(clean.get(60, TimeUnit.SECONDS), "every connection ended by itself");
        }
    }

    /** The end of accepting and the last client meet in one time of ten; so it is tried many times. */
    @RepeatedTest(40)
    void whoIsAcceptedAtTheVeryEndIsServedToo() throws Exception {
        InetSocketAddress address = proxy.address(8080);
        CompletableFuture<Boolean> clean = drain(20);
        while (!clean.isDone()) {
            try (RawClient client = new RawClient(address)) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").answer();
            } catch (IOException e) {
                // Whom the kernel had not handed over yet, or who came later.
                assertTrue(clean.get(60, TimeUnit.SECONDS), "nobody was cut");
            }
        }
        assertTrue(clean.get(60, TimeUnit.SECONDS), "nobody was cut");
    }

    @Test
    void whoHasNotHeardYetIsServedForTheLeastTimeThoughNobodyIsLeft() throws Exception {
        InetSocketAddress address = proxy.address(8080);
        long began = System.nanoTime();
        CompletableFuture<Boolean> clean = drain(2_000);
        Awaitility.await().until(() -> proxy.proxy().listeners().isDraining());
        int answers = 0;
        while (!clean.isDone()) {
            try (RawClient client = new RawClient(address)) {
                // Nobody else is connected: without a least time the first answer would have been the end.
                RawClient.Answer answer =
                        client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").answer();
                assertEquals(200, answer.status());
                assertEquals("close", answer.header("connection"));
                answers++;
            } catch (IOException e) {
                // Only the end itself may refuse.
                assertTrue(clean.get(60, TimeUnit.SECONDS));
            }
        }
        assertTrue(clean.get(60, TimeUnit.SECONDS), "every connection ended by itself");
        assertTrue(answers > 0, "somebody was served");
        assertTrue(System.nanoTime() - began >= TimeUnit.SECONDS.toNanos(2), "the least time was kept");
    }
}
