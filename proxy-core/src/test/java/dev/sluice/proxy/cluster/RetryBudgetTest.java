package dev.sluice.proxy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How many retries a cluster lets run at once (spec/istio-fields.md §2.5, §12.7). */
class RetryBudgetTest {
    @Test
    void withoutABudgetMaxRetriesCounts() {
        Cluster cluster = new Cluster(Plans.cluster().maxRetries(2).build());
        request(cluster, 100);
        assertEquals(2, retry(cluster, 10));
        cluster.retries().release();
        assertEquals(1, retry(cluster, 10));
    }

    @Test
    void aBudgetIsAShareOfTheRequestsInFlightRoundedDown() {
        Cluster cluster = new Cluster(Plans.cluster().retryBudget(20, 0).build());
        assertEquals(0, retry(cluster, 1));
        request(cluster, 49);
        assertEquals(9, retry(cluster, 100));
        request(cluster, 1);
        assertEquals(1, retry(cluster, 100));
    }

    @Test
    void requestsThatWaitForAConnectionCountToo() {
        Cluster cluster = new Cluster(
                Plans.cluster().maxConnections(10).retryBudget(50, 0).build());
        request(cluster, 10);
        for (int i = 0; i < 10; i++) {
            cluster.pending().tryAcquire();
        }
        assertEquals(10, retry(cluster, 100));
    }

    @Test
    void atLeastMinRetryConcurrencyIsAllowed() {
        Cluster cluster = new Cluster(Plans.cluster().retryBudget(20, 3).build());
        assertEquals(3, retry(cluster, 10));
        request(cluster, 15);
        assertEquals(0, retry(cluster, 10));
        request(cluster, 5);
        assertEquals(1, retry(cluster, 10));
    }

    @Test
    void aBudgetTakesThePlaceOfMaxRetries() {
        Cluster cluster =
                new Cluster(Plans.cluster().maxRetries(1).retryBudget(50, 0).build());
        request(cluster, 10);
        assertEquals(5, retry(cluster, 10));
    }

    private static void request(Cluster cluster, int times) {
        for (int i = 0; i < times; i++) {
            cluster.requests().tryAcquire();
        }
    }

    /** How many of so many retries were let through. */
    private static int retry(Cluster cluster, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            if (cluster.tryRetry()) {
                allowed++;
            }
        }
        return allowed;
    }
}
