package dev.sluice.proxy.upstream.names;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.words.WildcardHost;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.names.DynamicHosts.Bounds;
import dev.sluice.proxy.upstream.names.DynamicHosts.Outcome;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the names that are asked for under one wildcard: resolution DYNAMIC_DNS, Envoy's dynamic forward proxy. A
 * name is resolved with the first request for it, kept so by its time to live, and given up when nobody asked for a while
 * ({@link Bounds#DEFAULT}). A request that has to wait for an answer counts as one of the cluster's pending ones.
 *
 * <p>What a name may stand for is the cluster's wildcard and the cluster's port, whatever a client asks for, and never an
 * address of {@link ForbiddenAddresses} or one that is refused (spec/reliability.md E8). Thread-safe.
 */
public final class ClusterNames implements AutoCloseable {
    private static final ProxyError NO_NAME =
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the client names no host that could be looked up");
    private static final ProxyError NOT_COVERED =
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the host asked for is none of the service's wildcard");
    private static final ProxyError PENDING_FULL = ProxyError.proxy(
            ErrorCode.PENDING_FULL, "http1MaxPendingRequests wait for a connection or for the answer of DNS");

    private final Cluster cluster;
    private final DynamicHosts<Resolved> hosts;

    /** Where a name points now. */
    private static final class Resolved {
        private volatile InetSocketAddress address;

        Resolved(InetSocketAddress address) {
            this.address = address;
        }
    }

    private static final class Owner implements DynamicHosts.Owner<Resolved> {
        @Override
        public Resolved open(ClusterKey key, EndpointPlan endpoint) {
            return new Resolved(address(endpoint));
        }

        @Override
        public void moved(Resolved opened, EndpointPlan endpoint) {
            opened.address = address(endpoint);
        }

        @Override
        public boolean isInUse(Resolved opened) {
            // A request takes the address with it.
            return false;
        }

        @Override
        public void close(Resolved opened) {}

        /** Of a literal: nothing is looked up. */
        private static InetSocketAddress address(EndpointPlan endpoint) {
            return new InetSocketAddress(endpoint.address(), endpoint.port());
        }
    }

    /**
     * Looks names up for {@code cluster}.
     *
     * @param refused addresses that must not be reached
     */
    public ClusterNames(Cluster cluster, DnsResolver dns, Predicate<InetSocketAddress> refused) {
        this.cluster = cluster;
        this.hosts = new DynamicHosts<>(dns, Bounds.DEFAULT, new Owner(), refused);
    }

    /**
     * Finds the address of {@code host}, with the cluster's port.
     *
     * @param loop the caller's own, where {@code outcome} is called, possibly before this returns
     * @param host lower-case, without port; null where the client names none
     * @return stops waiting: the outcome is not called then; null when it was called already
     */
    public @Nullable Cancellable find(EventLoop loop, @Nullable String host, Outcome<InetSocketAddress> outcome) {
        if (host == null || host.isEmpty()) {
            outcome.failed(NO_NAME);
            return null;
        }
        String name = DynamicHosts.withoutFinalDot(host);
        // A wildcard stands for one character at least (spec/istio-fields.md §0.2).
        if (!WildcardHost.covers(cluster.key().host(), name, 1)) {
            outcome.failed(NOT_COVERED);
            return null;
        }
        Search search = new Search(cluster, outcome);
        search.waiting = hosts.find(loop, name, port(), search);
        return search.waiting == null || !search.begin() ? null : search;
    }

    private int port() {
        return cluster.plan().endpoints().isEmpty()
                ? cluster.key().port()
                : cluster.plan().endpoints().get(0).port();
    }

    @Override
    public void close() {
        hosts.close();
    }

    /** One request's way to an address. Event loop of the request. */
    private static final class Search implements Outcome<Resolved>, Cancellable {
        private final Cluster cluster;
        private final Outcome<InetSocketAddress> outcome;
        private @Nullable Cancellable waiting;
        private boolean pending;

        Search(Cluster cluster, Outcome<InetSocketAddress> outcome) {
            this.cluster = cluster;
            this.outcome = outcome;
        }

        /** It has to wait; false, and over, where so many wait already that it must not. */
        boolean begin() {
            pending = cluster.pending().tryAcquire();
            if (!pending) {
                cancel();
                cluster.counters().pendingRefused();
                outcome.failed(PENDING_FULL);
            }
            return pending;
        }

        private void end() {
            waiting = null;
            if (pending) {
                pending = false;
                cluster.pending().release();
            }
        }

        @Override
        public void found(Resolved opened) {
            end();
            outcome.found(opened.address);
        }

        @Override
        public void failed(ProxyError error) {
            end();
            outcome.failed(error);
        }

        @Override
        public void cancel() {
            Cancellable asked = waiting;
            end();
            if (asked != null) {
                asked.cancel();
            }
        }
    }
}
