package dev.sluice.proxy.assembly;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.listener.ListenerBinder;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.Dialer;
import dev.sluice.proxy.upstream.Transport;
import dev.sluice.proxy.upstream.names.DnsResolver;
import dev.sluice.proxy.upstream.names.NameResolver;
import dev.sluice.proxy.upstream.names.SystemNameResolver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A proxy in this process: event loops, live clusters, listeners and the snapshot in force. Its methods are for the
 * configuration thread, one at a time; reading is for any.
 */
public final class RunningProxy implements AutoCloseable {
    private static final Logger LOG = Logs.of(RunningProxy.class);
    /** One question to a name server that does not answer. */
    private static final int NAMES_WAIT_SECONDS = 5;

    private final Transport transport;
    private final SnapshotHolder snapshots = new SnapshotHolder();
    private final ClusterRegistry clusters;
    private final SnapshotAssembler assembler;
    private final ListenerBinder listeners;
    private final SystemNameResolver names;
    private final PassThrough passThrough;
    private final TlsRegistry tls;
    private final OverloadGuard overload;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts without configuration.
     *
     * @param transport closed with the proxy
     * @param observers who is told about the exchanges of a listener
     */
    public RunningProxy(Transport transport, CodecLimits limits, Function<ListenerPlan, ExchangeObserver> observers) {
        this(transport, limits, observers, listener -> TcpObserver.NONE, new TlsRegistry(null, TlsProvider::best));
    }

    /**
     * Starts without configuration.
     *
     * @param transport closed with the proxy
     * @param observers who is told about the exchanges of a listener
     * @param streams who is told about its connections that carry bytes
     * @param tls certificates; closed with the proxy
     */
    public RunningProxy(
            Transport transport,
            CodecLimits limits,
            Function<ListenerPlan, ExchangeObserver> observers,
            Function<ListenerPlan, TcpObserver> streams,
            TlsRegistry tls) {
        this(transport, limits, observers, streams, HostSystem.THIS, tls);
    }

    /**
     * Starts without configuration, beside another operating system than the real one.
     *
     * @param system what is asked of it
     * @param tls certificates; closed with the proxy
     */
    public RunningProxy(
            Transport transport,
            CodecLimits limits,
            Function<ListenerPlan, ExchangeObserver> observers,
            Function<ListenerPlan, TcpObserver> streams,
            HostSystem system,
            TlsRegistry tls) {
        this.tls = tls;
        this.transport = transport;
        this.names = new SystemNameResolver(transport);
        NameResolver asked = system.names() == null ? names : system.names();
        DnsResolver dns = new DnsResolver(transport.group().next(), asked, DnsResolver.DEFAULT_REFRESH);
        this.listeners = new ListenerBinder(transport, snapshots, limits, system.redirected(), tls.handshakes());
        Connector connector =
                new Connector(new Dialer(transport, tls, listeners::isClosedToRoutes), new UpstreamCodec(limits));
        this.clusters = new ClusterRegistry(connector, dns, transport.group().next(), listeners::isOwn);
        this.passThrough = new PassThrough(dns, connector, listeners::isOwn);
        this.assembler = new SnapshotAssembler(clusters, observers, streams, passThrough, tls);
        this.overload = OverloadGuard.watch(transport.group(), listeners, MemoryPressure.process());
    }

    /**
     * Puts {@code plan} in force: requests that start from now on follow it, those in flight go on with what they have.
     * Waits a moment for names that are new, as Envoy warms a cluster, so that the first requests find endpoints.
     *
     * @return listeners that could not be bound; everything else is in force all the same
     */
    public List<BindException> apply(ProxyPlan plan) {
        tls.apply(plan);
        RuntimeSnapshot next = assembler.assemble(plan);
        awaitNames();
        snapshots.swap(next);
        clusters.closeForgotten();
        return listeners.apply(plan.listeners(), plan.settings().caps());
    }

    private void awaitNames() {
        try {
            clusters.ready().get(NAMES_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "Some names are not resolved yet; their clusters have no endpoints until they are");
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking for endpoints only ever succeeds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The snapshot in force. */
    public RuntimeSnapshot snapshot() {
        return snapshots.current();
    }

    /** Certificates, and what became of handshakes. */
    public TlsRegistry tls() {
        return tls;
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

    /** Stops accepting for good; connections end in peace, and what is asked meanwhile is answered. */
    public void stopAccepting() {
        listeners.stopAccepting();
    }

    /** Asks clients to go elsewhere; who comes all the same is served, and the process stays. */
    public void beginDrain() {
        listeners.beginDrain();
    }

    /** Ends in peace within {@code millis}, then closes everything. Blocks. */
    public boolean drain(long millis) throws InterruptedException {
        return drain(0, millis);
    }

    /** The same, but new connections are taken for {@code leastMillis} even when none is left. */
    public boolean drain(long leastMillis, long millis) throws InterruptedException {
        return drain(leastMillis, millis, () -> false);
    }

    /**
     * The same.
     *
     * @param awaited whether something else still needs this proxy, for as long as there is time
     */
    public boolean drain(long leastMillis, long millis, BooleanSupplier awaited) throws InterruptedException {
        boolean clean = listeners.drain(leastMillis, millis, awaited);
        close();
        return clean;
    }

    /** Closes everything at once; a second call, after a drain, does nothing. */
    @Override
    public void close() {
        if (leave()) {
            transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /**
     * Closes everything at once but the event loops, which go on for somebody else.
     *
     * @return false where all is closed already
     */
    @CanIgnoreReturnValue
    public boolean leave() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        overload.close();
        listeners.closeNow();
        passThrough.close();
        clusters.close();
        names.close();
        tls.close();
        return true;
    }
}
