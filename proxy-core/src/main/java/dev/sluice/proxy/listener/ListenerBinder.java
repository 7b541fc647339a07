package dev.sluice.proxy.listener;

import dev.sluice.config.plan.CapturePlan;
import dev.sluice.config.plan.ConnectionCapsPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.cluster.Limit;
import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.overload.ReadSizes;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.tls.HandshakeLog;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds, keeps and drains listeners as configurations come and go; they are told apart by address. Called from the
 * configuration thread.
 */
public final class ListenerBinder {
    private static final int BACKLOG = 4096;
    /**
     * Connections that are accepted at once. A listening socket has its turn when all others that are ready have had theirs, and
     * Netty's epoll takes one connection a turn, as it takes the descriptor for a short read: a thousand clients that come at
     * once are let in over two seconds then, while those inside go round.
     */
    private static final int ACCEPTS = 128;

    private static final long POLL_MILLIS = 10;

    private final Transport transport;
    private final SnapshotHolder snapshots;
    private final CodecLimits limits;
    private final DialledAddress redirected;
    private final HandshakeLog handshakes;
    private final Map<BindAddress, Bound> bound = new LinkedHashMap<>();
    private final OwnAddresses own = new OwnAddresses();
    private final ProxyProtocolLog proxyProtocol = new ProxyProtocolLog();
    private final Limit total = new Limit(Integer.MAX_VALUE);
    private final Turnstile.Refused refused = new Turnstile.Refused();
    private ConnectionCapsPlan caps = ConnectionCapsPlan.NONE;
    private volatile List<Channel> servers = List.of();
    private volatile boolean draining;
    private boolean closedForGood;

    /**
     * Starts without listeners.
     *
     * @param redirected tells where connections were going that were redirected here
     * @param handshakes told what becomes of TLS
     */
    public ListenerBinder(
            Transport transport,
            SnapshotHolder snapshots,
            CodecLimits limits,
            DialledAddress redirected,
            HandshakeLog handshakes) {
        this.redirected = redirected;
        this.transport = transport;
        this.snapshots = snapshots;
        this.limits = limits;
        this.handshakes = handshakes;
    }

    /**
     * Binds what is new and lets go what is gone; a listener that stays keeps its connections. The snapshot that serves
     * them must be in force already.
     *
     * @param allowed how many connections they may have; those that are open stay
     * @return addresses that could not be bound; the others are
     */
    public synchronized List<BindException> apply(List<ListenerPlan> wanted, ConnectionCapsPlan allowed) {
        caps = allowed;
        total.max(allowed.total());
        if (closedForGood) {
            // A reload after /drain_listeners must not open again what was closed for good.
            return List.of();
        }
        Set<BindAddress> addresses = wanted.stream().map(ListenerPlan::bind).collect(Collectors.toSet());
        for (BindAddress address : List.copyOf(bound.keySet())) {
            if (!addresses.contains(address)) {
                Bound gone = bound.remove(address);
                if (gone != null) {
                    release(gone);
                }
            }
        }
        List<BindException> failures = new ArrayList<>();
        Set<BindAddress> sharing = OwnAddresses.overlapping(wanted);
        for (ListenerPlan plan : wanted) {
            try {
                Bound before = bound.get(plan.bind());
                if (before == null) {
                    bound.put(plan.bind(), bind(plan, sharing.contains(plan.bind())));
                    continue;
                }
                if (sharing.contains(plan.bind())) {
                    before.server().config().setOption(transport.sharedPort(), true);
                }
                before.turnstile().max(caps.of(plan));
                if (plan.bind().isUnix()) {
                    UnixListener.permit(plan);
                }
            } catch (BindException e) {
                failures.add(e);
            }
        }
        own.listeners(addresses(), capturing(wanted));
        servers = bound.values().stream().map(Bound::server).toList();
        return failures;
    }

    private List<SocketAddress> capturing(List<ListenerPlan> wanted) {
        List<SocketAddress> addresses = new ArrayList<>();
        for (ListenerPlan plan : wanted) {
            SocketAddress found = plan.traffic().capture() == null ? null : find(plan.bind());
            if (found != null) {
                addresses.add(found);
            }
        }
        return addresses;
    }

    /** Says that {@code address} is this process's too, though not a listener: the admin port. */
    public synchronized void reserve(InetSocketAddress address) {
        own.reserve(address);
    }

    private Bound bind(ListenerPlan plan, boolean shares) throws BindException {
        // Stays closed: what was accepted in the last moment is registered by another loop, after closeNow came by.
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        Turnstile turnstile = new Turnstile(plan.name(), caps.of(plan), total, refused);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator()
                                .respectMaybeMoreData(false)
                                .maxMessagesPerRead(ACCEPTS))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, ReadSizes.ADAPTIVE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(
                                limits.buffers().writeLow(), limits.buffers().writeHigh()))
                .childHandler(pipeline(plan, connections, turnstile));
        if (shares) {
            bootstrap.option(transport.sharedPort(), true);
        }
        Channel server =
                plan.bind().isUnix() ? UnixListener.bind(bootstrap, plan, transport.kind()) : bind(bootstrap, plan);
        return new Bound(server, connections, turnstile);
    }

    private Channel bind(ServerBootstrap bootstrap, ListenerPlan plan) throws BindException {
        BindAddress address = plan.bind();
        CapturePlan capture = plan.traffic().capture();
        boolean transparent = capture != null && capture.transparent();
        if (transparent) {
            bootstrap.option(DialledAddress.IP_TRANSPARENT, 1);
        }
        ChannelFuture done = bootstrap
                .channel(transport.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .bind(BindSockets.of(address))
                .awaitUninterruptibly();
        if (!done.isSuccess()) {
            // Of the option, before any bind: those of a bind are no ChannelExceptions.
            throw transparent && done.cause() instanceof ChannelException
                    ? new BindException(address, "interceptionMode TPROXY takes CAP_NET_ADMIN", done.cause())
                    : own.isReserved(address)
                            ? new BindException(address, "a port of this proxy's own, admin or status", done.cause())
                            : new BindException(address, done.cause());
        }
        return done.channel();
    }

    private ChannelHandler pipeline(ListenerPlan plan, ChannelGroup connections, Turnstile turnstile) {
        ListenerPipelines pipelines = new ListenerPipelines(snapshots, plan.bind(), limits, handshakes, proxyProtocol);
        CapturePlan capture = plan.traffic().capture();
        if (capture == null) {
            return new DownstreamInitializer(pipelines, connections, turnstile, () -> draining);
        }
        DialledAddress dialled = capture.transparent() ? DialledAddress.TRANSPARENT : redirected;
        return new CaptureInitializer(
                new CaptureInitializer.Redirection(dialled, this::isOwn, turnstile),
                pipelines,
                connections,
                () -> draining);
    }

    /** Stops accepting, and asks the clients to go elsewhere; requests in flight end in peace. */
    private void release(Bound gone) {
        gone.stop();
        ask(gone);
    }

    /** Its clients hear that they should go, and who is silent a second later is not waited for. */
    private void ask(Bound listener) {
        listener.announce();
        ScheduledFuture<?> unused = transport.group().schedule(listener::closeIdle, 1, TimeUnit.SECONDS);
    }

    /** Addresses as they are bound; an ephemeral port is resolved. */
    public synchronized List<SocketAddress> addresses() {
        return bound.values().stream()
                .map(listener -> UnixAddress.of(listener.server().localAddress()))
                .toList();
    }

    /** Address that {@code plan}, which is no Unix domain socket, is bound to, its port resolved. */
    public synchronized InetSocketAddress address(BindAddress plan) {
        Bound listener = bound.get(plan);
        if (listener == null) {
            throw new IllegalArgumentException("not bound: " + plan);
        }
        return (InetSocketAddress) listener.server().localAddress();
    }

    /** Where {@code plan} is bound, its port resolved; null when it is not. Any thread. */
    public synchronized @Nullable SocketAddress find(BindAddress plan) {
        Bound listener = bound.get(plan);
        return listener == null || !listener.server().isOpen()
                ? null
                : UnixAddress.of(listener.server().localAddress());
    }

    /** Whether connecting to {@code address} would reach one of these listeners. Any thread. */
    public boolean isOwn(InetSocketAddress address) {
        return own.isOwn(address);
    }

    /**
     * Whether bytes must not be sent to {@code address}: it is a port of this process, and no listener that is connected to
     * explicitly (spec/reliability.md E3). Any thread.
     */
    public boolean isClosedToRoutes(InetSocketAddress address) {
        return own.isClosedToRoutes(address);
    }

    /**
     * Accepts connections, or leaves them in the kernel's queue until it does. Any thread, and takes no lock: event loops
     * call it, which the configuration thread waits for.
     */
    public void accepting(boolean accept) {
        for (Channel server : servers) {
            server.config().setAutoRead(accept);
        }
    }

    /** Downstream connections open now. */
    public synchronized int connections() {
        return bound.values().stream()
                .mapToInt(listener -> listener.connections().size())
                .sum();
    }

    /** Connections that were closed at once because their listener could have no more. Any thread. */
    public long refusedByListener() {
        return refused.byListener();
    }

    /** Connections that were closed for want of a header of the PROXY protocol. Any thread. */
    public ProxyProtocolLog proxyProtocol() {
        return proxyProtocol;
    }

    /** Connections that were closed at once because all listeners together could have no more. Any thread. */
    public long refusedByTotal() {
        return refused.byTotal();
    }

    /**
     * Stops accepting for good and asks the clients to go elsewhere; requests in flight end in peace. The process stays, and
     * later configurations bind nothing.
     */
    public synchronized void stopAccepting() {
        if (!closedForGood) {
            closedForGood = true;
            draining = true;
            bound.values().forEach(this::release);
        }
    }

    /**
     * Asks the clients to go elsewhere, as {@link #drain} does at its beginning, and goes on: those that have not heard yet
     * are served, and later configurations are bound.
     */
    public synchronized void beginDrain() {
        if (!draining) {
            draining = true;
            bound.values().forEach(this::ask);
        }
    }

    /** Whether {@link #drain}, {@link #beginDrain} or {@link #stopAccepting} has begun. */
    public boolean isDraining() {
        return draining;
    }

    /**
     * Ends in peace: responses say {@code Connection: close}, HTTP/2 gets a two-step GOAWAY, new connections are still
     * taken (their clients have not heard yet) until all are gone or the time is up. Then nobody is accepted any more, and once
     * the last of them are served everything is closed. Blocks.
     *
     * @param leastMillis new connections are taken for so long, even when none is left
     * @param millis the time; not below {@code leastMillis}
     * @param awaited whether something else still needs this proxy, for as long as there is time
     * @return whether every connection ended by itself
     */
    public synchronized boolean drain(long leastMillis, long millis, BooleanSupplier awaited)
            throws InterruptedException {
        draining = true;
        closedForGood = true;
        long startNanos = System.nanoTime();
        long leastNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(leastMillis);
        long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        bound.values().forEach(Bound::announce);
        long closeIdleNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(Math.min(1_000, millis / 4));
        boolean idleClosed = false;
        while (System.nanoTime() - endNanos < 0
                && !(connections() == 0
                        && idleClosed
                        && System.nanoTime() - leastNanos >= 0
                        && !awaited.getAsBoolean())) {
            if (!idleClosed && (System.nanoTime() - closeIdleNanos >= 0 || connections() == 0)) {
                bound.values().forEach(Bound::closeIdle);
                idleClosed = true;
            }
            wait(POLL_MILLIS);
        }
        stopServers();
        awaitLast(endNanos);
        boolean clean = connections() == 0;
        closeNow();
        return clean;
    }

    /** Nobody is accepted from now on, and whoever was before is among the connections. */
    private void stopServers() {
        bound.values().forEach(Bound::stop);
        // One that was accepted joins them by a task of its own event loop.
        for (EventExecutor loop : transport.group()) {
            loop.submit(() -> {}).awaitUninterruptibly();
        }
    }

    /** Whoever was accepted between the last look and the end of accepting is served too, as long as there is time. */
    private void awaitLast(long endNanos) throws InterruptedException {
        long silentNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        boolean idleClosed = false;
        while (connections() > 0 && System.nanoTime() - endNanos < 0) {
            if (!idleClosed && System.nanoTime() - silentNanos >= 0) {
                bound.values().forEach(Bound::closeIdle);
                idleClosed = true;
            }
            wait(POLL_MILLIS);
        }
    }

    /** Closes listeners and connections at once. */
    public synchronized void closeNow() {
        for (Bound listener : bound.values()) {
            listener.stop();
            listener.connections().close().awaitUninterruptibly();
        }
        bound.clear();
    }
}
