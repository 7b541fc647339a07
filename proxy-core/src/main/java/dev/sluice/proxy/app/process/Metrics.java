package dev.sluice.proxy.app.process;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.admin.ReloadStatus;
import dev.sluice.proxy.admin.ServerFacts;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.listener.ProxyProtocolLog;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.telemetry.LoopMetrics;
import dev.sluice.proxy.telemetry.OverloadMetrics;
import dev.sluice.proxy.telemetry.ProxyMetrics;
import dev.sluice.proxy.telemetry.RequestMetrics;
import dev.sluice.proxy.telemetry.RequestMetrics.Reporter;
import dev.sluice.proxy.telemetry.RequestTable;
import dev.sluice.proxy.telemetry.StreamMetrics;
import dev.sluice.proxy.telemetry.TlsMetrics;
import dev.sluice.proxy.telemetry.WorkloadLabels;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.LongSupplier;

/** Every metric of a process; made only where something exposes them. */
final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProxyMetrics process = new ProxyMetrics(registry);
    private final RequestMetrics outgoing;
    private final RequestMetrics incoming;
    private final StreamMetrics outgoingStreams;
    private final StreamMetrics incomingStreams;

    Metrics(ProxyIdentity identity) {
        WorkloadLabels own = WorkloadLabels.of(identity.labels(), identity.namespace());
        RequestTable requests = new RequestTable(registry);
        this.outgoing = new RequestMetrics(requests, registry, Reporter.SOURCE, own);
        this.incoming = new RequestMetrics(requests, registry, Reporter.DESTINATION, own);
        this.outgoingStreams = new StreamMetrics(registry, Reporter.SOURCE, own);
        this.incomingStreams = new StreamMetrics(registry, Reporter.DESTINATION, own);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** What goes to the app is reported by the destination, all other by the source. */
    ExchangeObserver observer(ListenerPlan listener) {
        return listener.kind().isToApp() ? incoming : outgoing;
    }

    /** The same for connections that carry bytes. */
    TcpObserver streams(ListenerPlan listener) {
        return listener.kind().isToApp() ? incomingStreams : outgoingStreams;
    }

    void accessLogDropped(LongSupplier dropped) {
        process.accessLogDropped(dropped);
    }

    /** Begins to watch what runs. */
    void watch(RunningProxy proxy, ServerFacts facts) {
        process.build(facts.version(), facts.jdk(), facts.transport());
        process.downstreamConnections(proxy.listeners()::connections);
        process.downstreamRefused(proxy.listeners()::refusedByListener, proxy.listeners()::refusedByTotal);
        ProxyProtocolLog proxied = proxy.listeners().proxyProtocol();
        process.proxyProtocolFailures(proxied::malformed, proxied::late);
        TlsMetrics.watch(registry, proxy.tls());
        OverloadMetrics.watch(registry, MemoryPressure.process());
        LoopMetrics.watch(registry, proxy.transport().watchdog());
    }

    /** A configuration was put in force, or could not be. Configuration thread. */
    void configured(ReloadStatus status, RunningProxy proxy) {
        int errors =
                count(status, Finding.Severity.ERROR) + status.unbound().size() + (status.failure() == null ? 0 : 1);
        boolean whole = status.outcome() == ReloadStatus.Outcome.APPLIED;
        process.reloaded(whole, errors, count(status, Finding.Severity.WARNING), status.lastMillis());
        process.clusters(proxy.clusters().clusters());
        outgoing.forgetDestinations();
        incoming.forgetDestinations();
    }

    private static int count(ReloadStatus status, Finding.Severity severity) {
        return (int) status.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    @Override
    public void close() {
        registry.close();
    }
}
