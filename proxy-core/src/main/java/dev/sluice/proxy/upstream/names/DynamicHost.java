package dev.sluice.proxy.upstream.names;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.names.DnsResolver.Listener;
import dev.sluice.proxy.upstream.names.DnsResolver.Watch;
import dev.sluice.proxy.upstream.names.DynamicHosts.Owner;
import dev.sluice.proxy.upstream.names.DynamicHosts.Waiting;
import io.netty.util.NetUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One host of {@link DynamicHosts}. As with LOGICAL_DNS it has one endpoint, the first address of the latest answer that
 * may be reached, so that a host with an address family that this machine cannot reach still works.
 *
 * <p>States: asked → open (has an address) or failed; an open one that fails later keeps its address. Event loop of the
 * {@link DnsResolver}, except {@link #use}.
 */
final class DynamicHost<T> implements Listener {
    private static final Logger LOG = Logs.of(DynamicHost.class);
    private static final ProxyError REFUSED = ProxyError.proxy(
            ErrorCode.REFUSED_ADDRESS, "the host resolves to addresses that must not be reached through the proxy");

    private final ClusterKey key;
    private final Owner<T> owner;
    private final Predicate<InetSocketAddress> reachable;
    private final Runnable onFailure;
    private final List<Waiting<T>> waiting = new ArrayList<>(1);
    private @Nullable Watch watch;
    private @Nullable ProxyError failure;
    private volatile @Nullable T opened;
    private volatile long lastUsedNanos;
    private volatile boolean retired;

    DynamicHost(
            ClusterKey key, Owner<T> owner, Predicate<InetSocketAddress> reachable, Runnable onFailure, long nowNanos) {
        this.key = key;
        this.owner = owner;
        this.reachable = reachable;
        this.onFailure = onFailure;
        this.lastUsedNanos = nowNanos;
    }

    void start(DnsResolver dns) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(key.host());
        if (literal != null) {
            resolved(List.of(literal));
        } else {
            watch = dns.watch(key.host(), this);
        }
    }

    /** What the owner keeps of it, for a request at {@code nowNanos}; null when there is nothing yet. Any thread. */
    @Nullable
    T use(long nowNanos) {
        lastUsedNanos = nowNanos;
        // In this order: whoever retires it looks at the time after setting the mark, so one of the two sees the other.
        return retired ? null : opened;
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    void await(Waiting<T> request, long nowNanos) {
        lastUsedNanos = nowNanos;
        T found = opened;
        if (found != null) {
            request.found(found);
        } else if (failure != null) {
            request.failed(failure);
        } else {
            waiting.add(request);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Nobody waits for it and no request is on its way there. */
    boolean isDroppable() {
        T now = opened;
        return waiting.isEmpty() && (now == null || !owner.isInUse(now));
    }

    /** Marks it as given up if nobody asked for it during {@code unusedNanos}. */
    boolean retireIfUnused(long nowNanos, long unusedNanos) {
        retired = true;
        if (nowNanos - lastUsedNanos < unusedNanos) {
            retired = false;
            return false;
        }
        return true;
    }

    /** It is out of the table. */
    void end() {
        retired = true;
        if (watch != null) {
            watch.close();
        }
        T held = opened;
        opened = null;
        if (held != null) {
            owner.close(held);
        }
        fail(ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the host was given up"));
    }

    @Override
    public void resolved(List<InetAddress> addresses) {
        EndpointPlan plan = firstReachable(addresses);
        if (plan != null) {
            open(plan);
        } else if (opened == null) {
            failed(REFUSED);
        }
    }

    @Override
    public void failed(String reason) {
        if (opened == null) {
            failed(ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "DNS: " + reason));
        }
    }

    private void open(EndpointPlan plan) {
        failure = null;
        T found = opened;
        if (found != null) {
            owner.moved(found, plan);
        } else {
            try {
                found = owner.open(key, plan);
            } catch (RuntimeException e) {
                // Requests wait for an answer, and most have no timeout.
                LOG.log(Level.ERROR, "Cannot set up " + key, e);
                failed(ProxyError.proxy(ErrorCode.INTERNAL, "the host's cluster could not be set up"));
                return;
            }
            opened = found;
        }
        for (Waiting<T> request : waiting) {
            request.found(found);
        }
        waiting.clear();
    }

    private @Nullable EndpointPlan firstReachable(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (reachable.test(new InetSocketAddress(address, key.port()))) {
                return new EndpointPlan(NetUtil.toAddressString(address), key.port(), 1, null, Map.of());
            }
        }
        return null;
    }

    private void failed(ProxyError error) {
        failure = error;
        fail(error);
        onFailure.run();
    }

    private void fail(ProxyError error) {
        for (Waiting<T> request : waiting) {
            request.failed(error);
        }
        waiting.clear();
    }
}
