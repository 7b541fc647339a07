package dev.sluice.proxy.upstream.names;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.NoopDnsCache;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees the time to live of each address that a DNS answer brings. Netty tells it to its cache only, and its other way to
 * ask for records leaves search domains out; so this is a cache that remembers no answer, only, for as long as the
 * address object itself lives, what came with it. Thread-safe.
 */
final class AnswerTtls implements DnsCache {
    private final ConcurrentHashMap<Identity, Long> seconds = new ConcurrentHashMap<>();
    private final ReferenceQueue<InetAddress> gone = new ReferenceQueue<>();

    /** Seconds that all of {@code addresses}, the very objects of an answer, may be relied on; 0 when unknown. */
    long least(List<InetAddress> addresses) {
        long least = Long.MAX_VALUE;
        for (InetAddress address : addresses) {
            Long known = seconds.get(new Identity(address, null));
            // An address of the hosts file has none.
            least = Math.min(least, known == null ? 0 : known);
        }
        return least;
    }

    @Override
    public DnsCacheEntry cache(
            String hostname,
            DnsRecord @Nullable [] additionals,
            InetAddress address,
            long originalTtl,
            EventLoop loop) {
        forgetGone();
        seconds.put(new Identity(address, gone), originalTtl);
        return NoopDnsCache.INSTANCE.cache(hostname, additionals, address, originalTtl, loop);
    }

    @Override
    public DnsCacheEntry cache(String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
        return NoopDnsCache.INSTANCE.cache(hostname, additionals, cause, loop);
    }

    @Override
    public List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
        return List.of();
    }

    @Override
    public void clear() {
        seconds.clear();
    }

    @Override
    public boolean clear(String hostname) {
        return false;
    }

    private void forgetGone() {
        for (Reference<? extends InetAddress> one = gone.poll(); one != null; one = gone.poll()) {
            seconds.remove(one);
        }
    }

    /** How many addresses are remembered, those that live no more among them until the next answer comes. */
    int size() {
        return seconds.size();
    }

    /** One address object, and no other that is equal to it: two hosts may share an address, and each has its own time. */
    private static final class Identity extends WeakReference<InetAddress> {
        private final int hash;

        Identity(InetAddress address, @Nullable ReferenceQueue<InetAddress> gone) {
            super(address, gone);
            this.hash = System.identityHashCode(address);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            InetAddress address = get();
            return address != null && other instanceof Identity identity && identity.refersTo(address);
        }
    }
}
