package dev.sluice.proxy.tcp;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.plan.chain.TunnelPlan;
import dev.sluice.proxy.balance.hash.SourceHash;
import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.tls.ClientTls.Speech;
import dev.sluice.proxy.upstream.Dialer;
import dev.sluice.proxy.upstream.Reach;
import dev.sluice.proxy.upstream.names.ClusterNames;
import dev.sluice.proxy.upstream.names.DynamicHosts;
import dev.sluice.proxy.upstream.tunnel.TunnelOpener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of one connection to an endpoint and back. Each direction ends by itself: a FIN goes on behind the last
 * byte and the other direction flows on; a reset goes on as a reset (spec/reliability.md B47). The end of both directions,
 * an idle time, or a connect that fails ends it all. Event loop of the client's channel.
 */
public final class TcpRelay {
    /** What a living connection carries is told at this distance; Istio does every 15 seconds. */
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = Logs.of(TcpRelay.class);
    private static final ProxyError NO_ROUTE = ProxyError.proxy(ErrorCode.NO_ROUTE, "no rule takes this connection");
    private static final ProxyError NO_CLUSTER =
            ProxyError.proxy(ErrorCode.NO_CLUSTER, "the destination is not configured");
    private static final ProxyError LOOP =
            ProxyError.proxy(ErrorCode.LOOP_DETECTED, "the endpoint is the listener that the connection came by");
    private static final ProxyError OWN_PORT = ProxyError.proxy(
            ErrorCode.LOOP_DETECTED, "the endpoint is a port of this proxy's own: admin, status or interception");
    private static final ProxyError CLIENT_RESET = ProxyError.downstream(ErrorCode.CLIENT_GONE, "the client reset it");
    private static final ProxyError UPSTREAM_RESET =
            ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "the upstream reset it");
    private static final ProxyError IDLE =
            ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, "no byte went either way for the idle timeout");
    private static final ProxyError TOO_OLD =
            ProxyError.proxy(ErrorCode.CONNECTION_DURATION, "maxConnectionDuration is over");
    private static final ProxyError SHUT_DOWN =
            ProxyError.proxy(ErrorCode.LOCAL_RESET, "the proxy closed it, at the end of a drain");

    private final EventLoop loop;
    private final TcpSession session;
    private final Side client;
    private @Nullable Side upstream;
    private @Nullable Cancellable resolving;
    private @Nullable Channel dialling;
    private @Nullable Claim claim;
    private long idleNanos;
    private long lastNanos;
    private LoopTimers.@Nullable Timer idle;
    private LoopTimers.@Nullable Timer age;
    private LoopTimers.@Nullable Timer report;
    private boolean over;
    private final MemoryHolder holder = new RelayHolder(this);

    private TcpRelay(Channel channel, DownstreamConnection downstream, TcpObserver observer) {
        this.loop = channel.eventLoop();
        this.session = new TcpSession(downstream, observer, nowNanos());
        this.client = new Side(this, true);
        channel.pipeline().addLast(client);
    }

    /**
     * Takes over a connection: becomes the last handler of its pipeline. What is read from now on, handed on by handlers
     * before it included, is the client's.
     *
     * @param channel on whose event loop this is called
     * @param route null where no chain takes the connection: it is closed and logged
     */
    public static void begin(
            Channel channel, DownstreamConnection downstream, @Nullable TcpRoute route, TcpObserver observer) {
        TcpRelay relay = new TcpRelay(channel, downstream, observer);
        relay.holder.enter(LoopMemory.of(relay.loop));
        if (route == null) {
            relay.end(NO_ROUTE);
        } else {
            relay.route(route);
        }
    }

    private long nowNanos() {
        return loop.ticker().nanoTime();
    }

    private void route(TcpRoute route) {
        Long hash = route.isHashed() ? SourceHash.of(session.downstream().remoteHost()) : null;
        TcpRoute.Target target = route.choose(hash, ThreadLocalRandom.current().nextLong());
        if (target == null) {
            end(NO_ROUTE);
            return;
        }
        session.routed(target.plan());
        TcpCluster cluster = target.cluster();
        if (cluster == null) {
            end(NO_CLUSTER);
            return;
        }
        session.cluster(cluster.cluster());
        idleNanos = TimeUnit.MILLISECONDS.toNanos(target.plan().idleTimeoutMillis());
        Long key = target.plan().bySourceIp() ? hash : null;
        ClusterNames names = cluster.names();
        if (names == null) {
            claim(cluster, target, key, session.downstream().dialled());
        } else {
            resolving = names.find(loop, session.downstream().serverName(), new DynamicHosts.Outcome<>() {
                @Override
                public void found(InetSocketAddress address) {
                    resolving = null;
                    claim(cluster, target, key, address);
                }

                @Override
                public void failed(ProxyError error) {
                    resolving = null;
                    end(error);
                }
            });
        }
    }

    private void claim(
            TcpCluster cluster, TcpRoute.Target target, @Nullable Long hash, @Nullable InetSocketAddress address) {
        TcpCluster.Claimed claimed = cluster.claim(hash, address);
        Claim taken = claimed.claim();
        if (taken == null) {
            end(claimed.error());
        } else if (leadsBack(taken)) {
            taken.giveBack(false);
            end(LOOP);
        } else if (cluster.dialer().isClosedToBytes(taken.endpoint().address())) {
            taken.giveBack(false);
            end(OWN_PORT);
        } else {
            connect(cluster.dialer(), taken, target.plan());
        }
    }

    /**
     * Whether the endpoint is where this very connection came in: bytes bear no mark by which a listener could know those
     * that have been at it, and each turn would take two more sockets until none is left. A redirected connection's own end is
     * not the listener's.
     */
    private boolean leadsBack(Claim taken) {
        // Not what a proxy in front of us said of it.
        return session.downstream().dialled() == null
                && taken.endpoint().address().equals(UnixAddress.local(client.channel()));
    }

    private void connect(Dialer dialer, Claim taken, TcpDestination destination) {
        claim = taken;
        session.connecting(taken.endpoint());
        ClusterPlan plan = taken.cluster().plan();
        Dialer.Outcome direct = new Dialer.Outcome() {
            @Override
            public void connected(Channel channel, @Nullable ConnectionTls tls) {
                TcpRelay.this.connected(channel, tls, taken);
            }

            @Override
            public void failed(ProxyError error) {
                if (!over) {
                    taken.failed(error);
                    end(error);
                }
            }
        };
        TunnelPlan tunnel = destination.tunnel();
        Dialer.Outcome outcome =
                tunnel == null ? direct : new TunnelOpener(tunnel, plan.limits().connectTimeout(), direct);
        Reach reach = destination.asItCame()
                ? Reach.asItCame(plan, session.downstream())
                : Reach.of(plan, session.downstream());
        dialling = dialer.dial(loop, taken.endpoint().address(), reach, Speech.TCP, outcome);
    }

    private void connected(Channel channel, @Nullable ConnectionTls tls, Claim taken) {
        dialling = null;
        if (over) {
            ChannelFuture unused = channel.close();
            return;
        }
        taken.connected();
        session.connected(channel.localAddress(), channel.remoteAddress(), tls);
        Side other = new Side(this, false);
        channel.pipeline().addLast(other);
        upstream = other;
        progressed();
        if (idleNanos > 0) {
            idle = LoopTimers.of(loop).schedule(idleNanos, this::onIdle);
        }
        Duration longest = taken.cluster().plan().limits().maxConnectionDuration();
        if (longest != null) {
            age = LoopTimers.of(loop).schedule(longest.toNanos(), () -> end(TOO_OLD));
        }
        client.join(other);
    }

    // ---- told by the sides

    boolean isOver() {
        return over;
    }

    /** Bytes were read. */
    void carried(boolean fromClient, int bytes) {
        if (fromClient) {
            session.received(bytes);
        } else {
            session.sent(bytes);
        }
        progressed();
        if (report == null && !over) {
            report = LoopTimers.of(loop).schedule(REPORT_NANOS, this::onReport);
        }
    }

    /** Something moved. */
    void progressed() {
        lastNanos = nowNanos();
    }

    /** A FIN was sent; the second one is the end. */
    void outputEnded() {
        Side other = upstream;
        if (other != null && other.isOutputEnded() && client.isOutputEnded()) {
            end(null);
        }
    }

    /** A side was reset, or we failed on it: the other is reset too. */
    void broken(Side side, Throwable cause) {
        if (over) {
            return;
        }
        Side other = side.isClient() ? upstream : client;
        ProxyError why = side.isClient() ? CLIENT_RESET : UPSTREAM_RESET;
        if (!(cause instanceof IOException)) {
            LOG.log(
                    Level.ERROR,
                    "carrying bytes of connection " + session.downstream().id() + " failed",
                    cause);
            why = ProxyError.proxy(ErrorCode.INTERNAL, cause.toString());
        }
        over = true;
        if (other != null) {
            other.reset();
        }
        finish(why);
    }

    /** Bytes on their way. */
    long heldBytes() {
        Side to = upstream;
        return client.heldBytes() + (to == null ? 0 : to.heldBytes());
    }

    /** Ends both sides as a failed one would. */
    void cut(ProxyError why) {
        if (over) {
            return;
        }
        over = true;
        client.reset();
        if (upstream != null) {
            upstream.reset();
        }
        finish(why);
    }

    /** A side was closed by nobody in here. */
    void gone(Side side) {
        end(side.isClient() ? SHUT_DOWN : UPSTREAM_RESET);
    }

    // ---- timers

    private void onReport() {
        report = null;
        session.report();
    }

    private void onIdle() {
        long left = lastNanos + idleNanos - nowNanos();
        if (left > 0) {
            idle = LoopTimers.of(loop).schedule(left, this::onIdle);
        } else {
            end(IDLE);
        }
    }

    // ---- the end

    private void end(@Nullable ProxyError why) {
        if (!over) {
            over = true;
            finish(why);
        }
    }

    private void finish(@Nullable ProxyError why) {
        holder.leave();
        for (LoopTimers.Timer timer : new LoopTimers.Timer[] {idle, age, report}) {
            if (timer != null) {
                timer.cancel();
            }
        }
        client.close();
        if (upstream != null) {
            upstream.close();
        }
        if (resolving != null) {
            resolving.cancel();
        }
        if (dialling != null) {
            ChannelFuture unused = dialling.close();
        }
        if (claim != null) {
            claim.giveBack(why != null && why.origin() == ProxyError.Origin.UPSTREAM);
        }
        session.end(why, nowNanos());
    }
}
