package dev.sluice.proxy.upstream.names;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that no configuration knows (ALLOW_ANY, and services that resolve the request's own authority): looked up
 * when a host is asked for, kept resolved, given up when nobody asked for a while. There are never more than the bound;
 * beyond it the one that was asked for longest ago goes, unless all are in use. Addresses of {@link ForbiddenAddresses}
 * and those that the owner refuses (its own listeners, the admin port) are never a host's.
 *
 * <p>Thread-safe. A known host is found without a lock on the caller's event loop; everything else happens on the loop of
 * the {@link DnsResolver}.
 *
 * @param <T> what the owner keeps of each host: its cluster with stages and pools, or just its address
 */
public final class DynamicHosts<T> implements AutoCloseable {
    private static final ProxyError FULL =
            ProxyError.proxy(ErrorCode.OVERLOADED, "too many unknown hosts are in use at once");
    private static final ProxyError CLOSED = ProxyError.proxy(ErrorCode.OVERLOADED, "the proxy is stopping");

    /** A request that has just found a host needs this long to show up in the host's counters. */
    private static final long IN_HAND_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final DnsResolver dns;
    private final Bounds bounds;
    private final Owner<T> owner;
    private final Predicate<InetSocketAddress> refused;
    private final Map<Name, DynamicHost<T>> hosts = new ConcurrentHashMap<>();
    private boolean sweeping;
    private boolean closed;

    private record Name(String host, int port) {}

    /**
     * How many and how long.
     *
     * @param maxHosts hosts at a time
     * @param idle how long one is kept after the last request for it
     * @param failure how long a failed one is remembered before it is asked for again
     */
    public record Bounds(int maxHosts, Duration idle, Duration failure) {
        /** Envoy's bounds of a dynamic forward proxy: 1024 hosts, five minutes. */
        public static final Bounds DEFAULT = new Bounds(1024, Duration.ofMinutes(5), Duration.ofSeconds(1));
    }

    /** Makes and ends what is kept of a host; called on the event loop of the {@link DnsResolver}. */
    public interface Owner<T> {
        /** A host has an address for the first time. */
        T open(ClusterKey key, EndpointPlan endpoint);

        /** Its latest answer has that address. */
        void moved(T opened, EndpointPlan endpoint);

        /** Whether requests are on their way there, so that it must be kept. */
        boolean isInUse(T opened);

        /** It is not used any more. */
        void close(T opened);
    }

    /** Told where a request goes, on its own event loop; exactly one of the two, once. */
    public interface Outcome<T> {
        /** The host has an address. */
        void found(T opened);

        /** It has none, or none that may be reached. */
        void failed(ProxyError error);
    }

    /** @param refused addresses that must not be reached: the proxy's own */
    public DynamicHosts(DnsResolver dns, Bounds bounds, Owner<T> owner, Predicate<InetSocketAddress> refused) {
        this.dns = dns;
        this.bounds = bounds;
        this.owner = owner;
        this.refused = refused;
    }

    /**
     * Finds {@code host}.
     *
     * @param loop the caller's own, where {@code outcome} is called, possibly before this returns
     * @param host name or IP literal, in any case
     * @return stops waiting: the outcome is not called then; null when it was called already
     */
    public @Nullable Cancellable find(EventLoop loop, String host, int port, Outcome<T> outcome) {
        Name name = new Name(canonical(host), port);
        DynamicHost<T> known = hosts.get(name);
        T opened = known == null ? null : known.use(nowNanos());
        if (opened != null) {
            outcome.found(opened);
            return null;
        }
        Waiting<T> waiting = new Waiting<>(loop, outcome);
        dns.loop().execute(() -> resolve(name, waiting));
        return waiting;
    }

    /** Hosts that are kept now. */
    public int size() {
        return hosts.size();
    }

    /** Ends all of them. */
    @Override
    public void close() {
        dns.loop().execute(() -> {
            closed = true;
            hosts.values().forEach(DynamicHost::end);
            hosts.clear();
        });
    }

    private static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return lower.substring(1, lower.length() - 1);
        }
        return withoutFinalDot(lower);
    }

    /** A final dot names the same host. */
    static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private long nowNanos() {
        return dns.loop().ticker().nanoTime();
    }

    // ---- on the loop of the resolver

    private void resolve(Name name, Waiting<T> waiting) {
        if (closed) {
            waiting.failed(CLOSED);
            return;
        }
        DynamicHost<T> host = hosts.get(name);
        if (host == null) {
            if (hosts.size() >= bounds.maxHosts() && !dropOldest()) {
                waiting.failed(FULL);
                return;
            }
            ClusterKey key = new ClusterKey(name.host, name.port, null);
            host = new DynamicHost<>(key, owner, this::isReachable, () -> forgetSoon(name), nowNanos());
            hosts.put(name, host);
            host.start(dns);
            sweepLater();
        }
        host.await(waiting, nowNanos());
    }

    private boolean isReachable(InetSocketAddress address) {
        return !ForbiddenAddresses.contains(address.getAddress()) && !refused.test(address);
    }

    /** A host without an address is not kept for its idle time: the name may come to be at any moment. */
    private void forgetSoon(Name name) {
        DynamicHost<T> failed = hosts.get(name);
        var unused = dns.loop()
                .schedule(
                        () -> {
                            if (failed != null && failed.hasFailed() && hosts.remove(name, failed)) {
                                failed.end();
                            }
                        },
                        bounds.failure().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private boolean dropOldest() {
        Map.Entry<Name, DynamicHost<T>> oldest = null;
        for (Map.Entry<Name, DynamicHost<T>> entry : hosts.entrySet()) {
            boolean older = oldest == null
                    || entry.getValue().lastUsedNanos() - oldest.getValue().lastUsedNanos() < 0;
            if (older && entry.getValue().isDroppable()) {
                oldest = entry;
            }
        }
        return oldest != null && drop(oldest, IN_HAND_NANOS);
    }

    private boolean drop(Map.Entry<Name, DynamicHost<T>> entry, long unusedNanos) {
        if (!entry.getValue().retireIfUnused(nowNanos(), unusedNanos)) {
            return false;
        }
        hosts.remove(entry.getKey(), entry.getValue());
        entry.getValue().end();
        return true;
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            long interval = Math.max(TimeUnit.SECONDS.toNanos(1), bounds.idle().toNanos() / 10);
            var unused = dns.loop().schedule(this::sweep, interval, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping = false;
        for (Map.Entry<Name, DynamicHost<T>> entry : hosts.entrySet()) {
            if (entry.getValue().isDroppable()) {
                drop(entry, bounds.idle().toNanos());
            }
        }
        if (!hosts.isEmpty()) {
            sweepLater();
        }
    }

    /** One request that waits for its host's address. */
    static final class Waiting<T> implements Cancellable {
        private final EventLoop loop;
        private final Outcome<T> outcome;
        // Of the request's loop.
        private boolean over;

        Waiting(EventLoop loop, Outcome<T> outcome) {
            this.loop = loop;
            this.outcome = outcome;
        }

        void found(T opened) {
            loop.execute(() -> {
                if (!over) {
                    over = true;
                    outcome.found(opened);
                }
            });
        }

        void failed(ProxyError error) {
            loop.execute(() -> {
                if (!over) {
                    over = true;
                    outcome.failed(error);
                }
            });
        }

        @Override
        public void cancel() {
            over = true;
        }
    }
}
