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
 * Sees the time to live of each address that a DNS answer brings, and of the aliases on the way to it. Netty tells them to
 * its caches only, and its other way to ask for records leaves search domains out; so these are caches that remember no
 * answer, only, for as long as the address object itself lives, what came with it. Thread-safe.
 */
final class AnswerTtls implements DnsCache {
    private final ConcurrentHashMap<Identity, Life> lives = new ConcurrentHashMap<>();
    private final ReferenceQueue<InetAddress> gone = new ReferenceQueue<>();
    private final AliasTtls aliases = new AliasTtls();

    /**
     * How long an address may be relied on.
     *
     * @param host what was asked for, with its search domain
     * @param alias whether {@code host} stands for another name
     */
    private record Life(long seconds, String host, boolean alias) {}

    /** Hears of the aliases. */
    AliasTtls aliases() {
        return aliases;
    }

    /**
     * Seconds that all of {@code addresses}, the very objects of an answer that is complete, may be relied on; 0 when unknown.
     */
    long least(List<InetAddress> addresses) {
        long least = Long.MAX_VALUE;
        for (InetAddress address : addresses) {
            Life known = lives.get(new Identity(address, null));
            // An address of the hosts file has none.
            least = Math.min(least, known == null ? 0 : known.seconds);
            if (known != null) {
                aliases.forget(known.host);
            }
        }
        return least;
    }

    /** The name that was asked for, with its search domain, where that is an alias of the one that has {@code addresses}. */
    @Nullable
    String alias(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            Life known = lives.get(new Identity(address, null));
            if (known != null && known.alias) {
                return known.host;
            }
        }
        return null;
    }

    @Override
    public DnsCacheEntry cache(
            String hostname,
            DnsRecord @Nullable [] additionals,
            InetAddress address,
            long originalTtl,
            EventLoop loop) {
        forgetGone();
        long alias = aliases.least(hostname);
        Life life = new Life(Math.min(originalTtl, alias), hostname, alias != Long.MAX_VALUE);
        lives.put(new Identity(address, gone), life);
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
        lives.clear();
    }

    @Override
    public boolean clear(String hostname) {
        return false;
    }

    private void forgetGone() {
        for (Reference<? extends InetAddress> one = gone.poll(); one != null; one = gone.poll()) {
            lives.remove(one);
        }
    }

    /** How many addresses are remembered, those that live no more among them until the next answer comes. */
    int size() {
        return lives.size();
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
