package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.telemetry.Scrape.Sample;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
    private final Scrape scrape = new Scrape();
    private final ProxyMetrics metrics = new ProxyMetrics(scrape.registry());

    @Test
    void theBuildIsToldByLabels() {
        metrics.build("1.2.3", "17.0.1", "EPOLL");
        Sample build = scrape.one("sluice_build");
        assertEquals(1, build.value());
        assertEquals(Map.of("version", "1.2.3", "jdk", "17.0.1", "transport", "EPOLL"), build.labels());
    }

    @Test
    void gaugesReadWhatIsTrueNow() {
        AtomicInteger open = new AtomicInteger();
        AtomicLong dropped = new AtomicLong();
        metrics.downstreamConnections(open::get);
        metrics.accessLogDropped(dropped::get);
        open.set(17);
        dropped.set(4);
        System.gc();
        assertEquals(17, scrape.value("sluice_downstream_connections"));
        assertEquals(4, scrape.value("sluice_access_log_dropped_total"));
    }

    @Test
    void aClustersCountersAreReadLive() {
        Cluster cluster = Traffic.cluster("reviews", "v1");
        cluster.replaceEndpoints(List.of(new EndpointPlan("10.0.0.1", 1, 1, null, Map.of())), 0);
        metrics.clusters(List.of(cluster));
        for (int i = 0; i < 3; i++) {
            assertTrue(cluster.requests().tryAcquire());
        }
        assertTrue(cluster.pending().tryAcquire());
        assertTrue(cluster.connections().tryAcquire());
        assertTrue(cluster.retries().tryAcquire());
        Sample requests = scrape.one("sluice_cluster_active_requests");
        assertEquals(3, requests.value());
        assertEquals(Map.of("host", "reviews", "port", "9080", "subset", "v1"), requests.labels());
        assertEquals(1, scrape.value("sluice_cluster_pending_requests"));
        assertEquals(1, scrape.value("sluice_cluster_active_connections"));
        assertEquals(1, scrape.value("sluice_cluster_active_retries"));
        assertEquals(1, scrape.value("sluice_cluster_endpoints"));
        assertEquals(1, scrape.value("sluice_cluster_healthy_endpoints"));
    }

    @Test
    void whatLimitsAndOutlierDetectionDidIsCounted() {
        Cluster cluster = Traffic.cluster("reviews", "v1");
        cluster.replaceEndpoints(List.of(new EndpointPlan("10.0.0.1", 1, 1, null, Map.of())), 0);
        metrics.clusters(List.of(cluster));
        cluster.counters().requestRefused();
        cluster.counters().requestRefused();
        cluster.counters().pendingRefused();
        cluster.counters().endpointRefused();
        cluster.counters().connectionRefused();
        cluster.retries().max(2);
        assertTrue(cluster.tryRetry());
        assertTrue(cluster.tryRetry());
        assertFalse(cluster.tryRetry());
        Endpoint endpoint = cluster.endpoints().all().get(0);
        cluster.health(endpoint, Health.EJECTED, 1);
        cluster.health(endpoint, Health.EJECTED, 2);
        cluster.health(endpoint, Health.HEALTHY, 3);
        cluster.health(endpoint, Health.EJECTED, 4);
        System.gc();
        Map<String, Double> refused = scrape.all("sluice_cluster_refused_total").stream()
                .collect(Collectors.toMap(s -> s.labels().get("limit"), Sample::value));
        assertEquals(
                Map.of("requests", 2.0, "pending", 1.0, "connections", 1.0, "endpoint", 1.0, "retries", 1.0), refused);
        Sample retries = scrape.one("sluice_cluster_retries_total");
        assertEquals(2, retries.value());
        assertEquals(Map.of("host", "reviews", "port", "9080", "subset", "v1"), retries.labels());
        assertEquals(2, scrape.value("sluice_cluster_ejections_total"));
    }

    @Test
    void theBreakerIsOpenWhileALimitRefuses() {
        Cluster cluster = Traffic.cluster("reviews", "v1");
        metrics.clusters(List.of(cluster));
        assertEquals(0, scrape.value("sluice_cluster_breaker_open"));
        cluster.requests().max(1);
        assertTrue(cluster.requests().tryAcquire());
        assertEquals(1, scrape.value("sluice_cluster_breaker_open"));
        cluster.requests().release();
        assertEquals(0, scrape.value("sluice_cluster_breaker_open"));
    }

    @Test
    void gaugesComeAndGoWithTheirClusters() {
        Cluster reviews = Traffic.cluster("reviews", null);
        Cluster ratings = Traffic.cluster("ratings", null);
        metrics.clusters(List.of(reviews));
        metrics.clusters(List.of(reviews, ratings));
        assertEquals(Set.of("reviews", "ratings"), hosts());
        metrics.clusters(List.of(ratings));
        assertEquals(Set.of("ratings"), hosts());
        assertEquals(1, scrape.all("sluice_cluster_endpoints").size());
    }

    @Test
    void aClusterThatCameBackIsReadAnew() {
        Cluster before = Traffic.cluster("reviews", null);
        assertTrue(before.requests().tryAcquire());
        metrics.clusters(List.of(before));
        assertEquals(1, scrape.value("sluice_cluster_active_requests"));
        metrics.clusters(List.of(Traffic.cluster("reviews", null)));
        assertEquals(0, scrape.value("sluice_cluster_active_requests"));
    }

    @Test
    void reloadsAreCountedAndTheirFindingsShown() {
        metrics.reloaded(true, 1, 2, 1_700_000_000_500L);
        assertEquals(1_700_000_000.5, scrape.value("sluice_config_last_success_timestamp_seconds"));
        metrics.reloaded(false, 3, 1, 1_700_000_009_000L);
        assertEquals(2, scrape.value("sluice_config_reloads_total"));
        assertEquals(1, scrape.value("sluice_config_reload_failures_total"));
        assertEquals(1_700_000_000.5, scrape.value("sluice_config_last_success_timestamp_seconds"));
        Map<String, Double> findings = scrape.all("sluice_config_findings").stream()
                .collect(Collectors.toMap(s -> s.labels().get("severity"), Sample::value));
        assertEquals(Map.of("error", 3.0, "warning", 1.0), findings);
    }

    private Set<String> hosts() {
        return scrape.all("sluice_cluster_active_requests").stream()
                .map(sample -> sample.labels().get("host"))
                .collect(Collectors.toSet());
    }
}
