package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.listener.ListenerBinder;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.Transport;
import java.util.List;
import java.util.function.Function;

/**
 * A proxy in this process: event loops, live clusters, listeners and the snapshot in force. Its methods are for the
 * configuration thread, one at a time; reading is for any.
 */
public final class RunningProxy implements AutoCloseable {
    private static final ProxyError UNKNOWN_HOST = ProxyError.proxy(ErrorCode.NO_ROUTE, "the host is unknown");

    private final Transport transport;
    private final SnapshotHolder snapshots = new SnapshotHolder();
    private final ClusterRegistry clusters;
    private final SnapshotAssembler assembler;
    private final ListenerBinder listeners;

    /**
     * Starts without configuration.
     *
     * @param transport closed with the proxy
     * @param observers who is told about the exchanges of a listener
     */
    public RunningProxy(Transport transport, CodecLimits limits, Function<ListenerPlan, ExchangeObserver> observers) {
        this.transport = transport;
        this.clusters = new ClusterRegistry(new Connector(transport, new UpstreamCodec(limits)));
        this.assembler = new SnapshotAssembler(clusters, observers, exchange -> exchange.fail(UNKNOWN_HOST));
        this.listeners = new ListenerBinder(transport, snapshots, limits);
    }

    /**
     * Puts {@code plan} in force: requests that start from now on follow it, those in flight go on with what they have.
     *
     * @return listeners that could not be bound; everything else is in force all the same
     */
    public List<BindException> apply(ProxyPlan plan) {
        snapshots.swap(assembler.assemble(plan));
        return listeners.apply(plan.listeners());
    }

    /** The snapshot in force. */
    public RuntimeSnapshot snapshot() {
        return snapshots.current();
    }

    /** Live clusters. */
    public ClusterRegistry clusters() {
        return clusters;
    }

    /** Bound listeners. */
    public ListenerBinder listeners() {
        return listeners;
    }

    /** Event loops and channel kinds. */
    public Transport transport() {
        return transport;
    }

    /** Ends in peace within {@code millis}, then closes everything. Blocks. */
    public boolean drain(long millis) throws InterruptedException {
        boolean clean = listeners.drain(millis);
        close();
        return clean;
    }

    /** Closes everything at once. */
    @Override
    public void close() {
        listeners.closeNow();
        clusters.close();
        transport
                .group()
                .shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                .awaitUninterruptibly();
    }
}
