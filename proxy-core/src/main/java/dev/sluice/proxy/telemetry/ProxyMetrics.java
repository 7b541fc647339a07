package dev.sluice.proxy.telemetry;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.ClusterCounters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Sluice's own metrics, which begin with {@code sluice_}: what the process is and does now. Gauges read the live counters
 * when they are scraped, so they cost a request nothing.
 *
 * <p>Thread-safe.
 */
public final class ProxyMetrics {
    private final MeterRegistry registry;
    private final Counter reloads;
    private final Counter failedReloads;
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger warnings = new AtomicInteger();
    private final Map<Cluster, List<Meter>> clusters = new HashMap<>();
    // Micrometer holds what a function counter reads by a weak reference only.
    private final List<Object> held = new ArrayList<>();
    private volatile double lastSuccessSeconds;

    /** Registers in {@code registry} what does not depend on other parts. */
    public ProxyMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.reloads = Counter.builder("sluice_config_reloads_total")
                .description("Configurations that were read, the first one included")
                .register(registry);
        this.failedReloads = Counter.builder("sluice_config_reload_failures_total")
                .description("Configurations that held an error; what was wrong did not take effect")
                .register(registry);
        Gauge.builder("sluice_config_last_success_timestamp_seconds", () -> lastSuccessSeconds)
                .description("When a configuration without an error last took effect")
                .register(registry);
        findings("error", errors);
        findings("warning", warnings);
    }

    private void findings(String severity, AtomicInteger count) {
        Gauge.builder("sluice_config_findings", count::get)
                .description("Findings in the configuration that was read last")
                .tag("severity", severity)
                .register(registry);
    }

    /** What runs: a gauge that is always 1. */
    public void build(String version, String jdk, String transport) {
        Gauge.builder("sluice_build", () -> 1)
                .description("Version, JDK and transport, as labels")
                .tags("version", version, "jdk", jdk, "transport", transport)
                .register(registry);
    }

    /** @param open open downstream connections, read on each scrape */
    public void downstreamConnections(IntSupplier open) {
        Gauge.builder("sluice_downstream_connections", open::getAsInt)
                .description("Open client connections")
                .register(registry);
    }

    /**
     * Connections of clients that were closed at once, read on each scrape.
     *
     * @param byListener because their listener could have no more
     * @param byTotal because all listeners together could have no more
     */
    public void downstreamRefused(LongSupplier byListener, LongSupplier byTotal) {
        downstreamRefused("listener", byListener);
        downstreamRefused("total", byTotal);
    }

    private synchronized void downstreamRefused(String limit, LongSupplier refused) {
        held.add(refused);
        FunctionCounter.builder("sluice_downstream_connections_refused_total", refused, LongSupplier::getAsLong)
                .description("Client connections that were closed at once: a cap on connections was reached")
                .tag("limit", limit)
                .register(registry);
    }

    /**
     * Connections that were closed for want of a header of the PROXY protocol, read on each scrape.
     *
     * @param malformed that began with something else, or with a broken one
     * @param late whose header did not come in time
     */
    public void proxyProtocolFailures(LongSupplier malformed, LongSupplier late) {
        proxyProtocolFailures("malformed", malformed);
        proxyProtocolFailures("timeout", late);
    }

    private synchronized void proxyProtocolFailures(String reason, LongSupplier failures) {
        held.add(failures);
        FunctionCounter.builder("sluice_proxy_protocol_failures_total", failures, LongSupplier::getAsLong)
                .description(
                        "Client connections that were closed for want of a header of the PROXY protocol, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /** @param dropped lines dropped since the start, read on each scrape */
    public synchronized void accessLogDropped(LongSupplier dropped) {
        held.add(dropped);
        FunctionCounter.builder("sluice_access_log_dropped_total", dropped, LongSupplier::getAsLong)
                .description("Access log lines dropped: no room, or they could not be written")
                .register(registry);
    }

    /**
     * A configuration was read.
     *
     * @param whole whether everything took effect as written
     * @param epochMillis now
     */
    public void reloaded(boolean whole, int errorFindings, int warningFindings, long epochMillis) {
        reloads.increment();
        errors.set(errorFindings);
        warnings.set(warningFindings);
        if (whole) {
            lastSuccessSeconds = epochMillis / 1000.0;
        } else {
            failedReloads.increment();
        }
    }

    /** Brings the gauges of clusters in line with those that live now. Called after each change of configuration. */
    public synchronized void clusters(Collection<Cluster> live) {
        Map<Cluster, List<Meter>> gone = new HashMap<>(clusters);
        live.forEach(gone::remove);
        // First the old ones: a cluster that left and came back has the same labels.
        gone.forEach((cluster, meters) -> {
            meters.forEach(registry::remove);
            clusters.remove(cluster);
        });
        for (Cluster cluster : live) {
            if (!clusters.containsKey(cluster)) {
                clusters.put(cluster, register(cluster));
            }
        }
    }

    private List<Meter> register(Cluster cluster) {
        ClusterKey key = cluster.key();
        Tags tags = Tags.of(
                "host", key.host(),
                "port", Integer.toString(key.port()),
                "subset", key.subset() == null ? "" : key.subset());
        List<Meter> meters = new ArrayList<>(gauges(cluster, tags));
        ClusterCounters counters = cluster.counters();
        meters.add(counter(counters, tags, "retries", "Retries that were let through", ClusterCounters::retries));
        meters.add(
                counter(counters, tags, "ejections", "Times that an endpoint was ejected", ClusterCounters::ejections));
        meters.add(refused(counters, tags, "requests", ClusterCounters::refusedRequests));
        meters.add(refused(counters, tags, "connections", ClusterCounters::refusedConnections));
        meters.add(refused(counters, tags, "pending", ClusterCounters::refusedPending));
        meters.add(refused(counters, tags, "endpoint", ClusterCounters::refusedEndpoints));
        meters.add(refused(counters, tags, "retries", ClusterCounters::refusedRetries));
        return List.copyOf(meters);
    }

    private List<Meter> gauges(Cluster cluster, Tags tags) {
        return List.of(
                gauge(cluster, tags, "active_requests", "Requests in flight", c -> c.requests()
                        .used()),
                gauge(cluster, tags, "pending_requests", "Requests that wait for a connection", c -> c.pending()
                        .used()),
                gauge(cluster, tags, "active_connections", "Connections, also those being made", c -> c.connections()
                        .used()),
                gauge(cluster, tags, "active_retries", "Retries in flight", c -> c.retries()
                        .used()),
                gauge(
                        cluster,
                        tags,
                        "breaker_open",
                        "1 while a limit refuses the next request",
                        c -> c.isBreakerOpen() ? 1 : 0),
                gauge(cluster, tags, "endpoints", "Members", c -> c.endpoints()
                        .all()
                        .size()),
                gauge(cluster, tags, "healthy_endpoints", "Members that may be picked", c -> c.endpoints()
                        .healthy()
                        .size()));
    }

    private FunctionCounter refused(
            ClusterCounters counters, Tags tags, String limit, ToDoubleFunction<ClusterCounters> value) {
        return counter(counters, tags.and("limit", limit), "refused", "Tries that a limit did not let through", value);
    }

    private FunctionCounter counter(
            ClusterCounters counters,
            Tags tags,
            String name,
            String description,
            ToDoubleFunction<ClusterCounters> value) {
        return FunctionCounter.builder("sluice_cluster_" + name + "_total", counters, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Gauge gauge(Cluster cluster, Tags tags, String name, String description, ToDoubleFunction<Cluster> value) {
        return Gauge.builder("sluice_cluster_" + name, cluster, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
