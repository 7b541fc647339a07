package dev.sluice.proxy.balance;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster whose endpoint is the address that the client dialled (resolution NONE, PASSTHROUGH, what nobody
 * declared) or that of the host it asks for (DYNAMIC_DNS): each becomes a member when it is dialled first, so that its connections are pooled and its failures counted
 * like any other's, and leaves when nobody has asked for it for a while. A known address is found without a lock.
 * Thread-safe.
 */
final class DialledEndpoints {
    /** As many as a dynamic forward proxy of Envoy keeps. */
    private static final int MAX = 1024;

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** A request that has just found its endpoint needs this long to show up in the endpoint's counters. */
    private static final long IN_HAND_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Cluster cluster;
    private final Predicate<InetSocketAddress> refused;
    private final LongSupplier clock;
    private final Map<InetSocketAddress, Member> members = new ConcurrentHashMap<>();

    /** A member and when it was last asked for. */
    private static final class Member {
        private final Endpoint endpoint;
        private volatile long usedNanos;

        Member(Endpoint endpoint, long nowNanos) {
            this.endpoint = endpoint;
            this.usedNanos = nowNanos;
        }
    }

    /** @param refused addresses that must not be reached */
    DialledEndpoints(Cluster cluster, Predicate<InetSocketAddress> refused, LongSupplier clock) {
        this.cluster = cluster;
        this.refused = refused;
        this.clock = clock;
    }

    /**
     * The endpoint at the dialled address, or at its host on the port that the cluster's plan names.
     *
     * @return null when the cluster's endpoints are others, nobody dialled, the address must not be reached, or so many
     *     others are in use that there is no room for it
     */
    @Nullable
    Endpoint find(@Nullable InetSocketAddress dialled) {
        if (dialled == null || !cluster.plan().discovery().isByRequest()) {
            return null;
        }
        List<EndpointPlan> written = cluster.plan().endpoints();
        InetSocketAddress wanted = written.isEmpty()
                ? dialled
                : new InetSocketAddress(dialled.getAddress(), written.get(0).port());
        long nowNanos = clock.getAsLong();
        Member known = members.get(wanted);
        if (known != null && !known.endpoint.isGone()) {
            known.usedNanos = nowNanos;
            return known.endpoint;
        }
        return refused.test(wanted) ? null : add(wanted, nowNanos);
    }

    private synchronized @Nullable Endpoint add(InetSocketAddress wanted, long nowNanos) {
        Member known = members.get(wanted);
        if (known != null && !known.endpoint.isGone()) {
            return known.endpoint;
        }
        forget(nowNanos);
        if (members.size() >= MAX) {
            return null;
        }
        InetAddress host = wanted.getAddress();
        EndpointPlan plan = new EndpointPlan(NetUtil.toAddressString(host), wanted.getPort(), 1, null, Map.of());
        List<EndpointPlan> plans = new ArrayList<>(members.size() + 1);
        for (InetSocketAddress member : members.keySet()) {
            String address = NetUtil.toAddressString(member.getAddress());
            plans.add(new EndpointPlan(address, member.getPort(), 1, null, Map.of()));
        }
        plans.add(plan);
        cluster.replaceEndpoints(plans, nowNanos);
        for (Endpoint endpoint : cluster.endpoints().all()) {
            if (endpoint.hostPort().equals(plan.hostPort())) {
                members.put(wanted, new Member(endpoint, nowNanos));
                return endpoint;
            }
        }
        throw new IllegalStateException("a member of " + cluster + " is not: " + plan.hostPort());
    }

    /** Only when another comes: until then the idle ones cost what they cost before. */
    private void forget(long nowNanos) {
        long unusedNanos = members.size() >= MAX ? IN_HAND_NANOS : IDLE_NANOS;
        for (Iterator<Member> each = members.values().iterator(); each.hasNext(); ) {
            Member member = each.next();
            boolean unused = member.endpoint.active() == 0 && nowNanos - member.usedNanos > unusedNanos;
            if (unused || member.endpoint.isGone()) {
                each.remove();
            }
        }
    }
}
