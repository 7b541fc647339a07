package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that fails under load while every route to it retries: what limits retries keeps them from making it worse. */
class RetryStormIT {
    private static final int LIMIT = 2;
    private static final int CLIENTS = 16;
    private static final int EACH = 20;
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger mostRetries = new AtomicInteger();
    private RawUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        upstream = new RawUpstream((peer, number) -> {
            while (peer.next()) {
                boolean again = peer.last().header("x-envoy-attempt-count") != null;
                if (again) {
                    mostRetries.accumulateAndGet(retries.incrementAndGet(), Math::max);
                }
                LockSupport.parkNanos(WORK_NANOS);
                if (again) {
                    // Before the answer: with it the proxy may send the next one.
                    retries.decrementAndGet();
                }
                peer.send("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
            }
        });
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    private void start(String policy) throws Exception {
        proxy = TestProxy.start(
                Shop.yaml(upstream.port(), "HTTP", "retries: {attempts: 5, retryOn: 5xx, backoff: 1ms},")
                        + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec: {host: shop.example.com, trafficPolicy: {POLICY}}
                """
                                .replace("POLICY", policy));
    }

    private void storm() throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(threads.submit(() -> {
                try (RawClient client = new RawClient(proxy.address(8080))) {
                    for (int j = 0; j < EACH; j++) {
                        assertEquals(
                                503,
                                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                        .answer()
                                        .status());
                    }
                }
                return null;
            }));
        }
        for (Future<?> client : running) {
            client.get(2, TimeUnit.MINUTES);
        }
        Cluster cluster = proxy.proxy().clusters().clusters().iterator().next();
        await().untilAsserted(() -> {
            assertEquals(0, cluster.retries().used());
            assertEquals(0, cluster.requests().used());
        });
    }

    @Test
    void neverMoreRetriesAreInFlightThanMaxRetries() throws Exception {
        start("connectionPool: {http: {maxRetries: " + LIMIT + "}}");
        storm();
        assertTrue(mostRetries.get() > 0 && mostRetries.get() <= LIMIT, () -> "at once: " + mostRetries);
        int asked = upstream.requests().size();
        assertTrue(asked < CLIENTS * EACH * 3, () -> asked + " requests, of up to " + CLIENTS * EACH * 6);
    }

    @Test
    void neverMoreRetriesAreInFlightThanTheBudgetsShare() throws Exception {
        start("retryBudget: {percent: 10, minRetryConcurrency: " + LIMIT + "}");
        storm();
        // 10 % of at most as many requests in flight as there are clients is less than the least that is always
        // allowed.
        assertTrue(mostRetries.get() > 0 && mostRetries.get() <= LIMIT, () -> "at once: " + mostRetries);
    }
}
