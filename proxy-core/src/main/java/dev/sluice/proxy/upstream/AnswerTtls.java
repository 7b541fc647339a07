package dev.sluice.proxy.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.NoopDnsCache;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees the time to live of each address that a DNS answer brings. Netty tells it to its cache only, and its other way to
 * ask for records leaves search domains out; so this is a cache that remembers no answer, only, for as long as the
 * address object itself lives, what came with it. Thread-safe.
 */
final class AnswerTtls implements DnsCache {
    private final Cache<InetAddress, Long> seconds =
            Caffeine.newBuilder().weakKeys().build();

    /** Seconds that all of {@code addresses}, the very objects of an answer, may be relied on; 0 when unknown. */
    long least(List<InetAddress> addresses) {
        long least = Long.MAX_VALUE;
        for (InetAddress address : addresses) {
            Long known = seconds.getIfPresent(address);
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
        seconds.put(address, originalTtl);
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
        seconds.invalidateAll();
    }

    @Override
    public boolean clear(String hostname) {
        return false;
    }
}
