package dev.sluice.proxy.upstream.names;

import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsCnameCache;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees which names are aliases (CNAME) and how long: what a name stands for may change when the alias does, however long the
 * address at its end is good for. Netty tells of those only whose owner is the name in question or below it. A cache that
 * answers nothing, so that every name is asked anew. Thread-safe.
 */
final class AliasTtls implements DnsCnameCache {
    /** Of names that end nowhere nobody says when they are over. */
    private static final int MAX = 4096;

    private static final int MAX_CHAIN = 16;

    private final Map<String, Alias> aliases = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Alias> eldest) {
            return size() > MAX;
        }
    };

    private record Alias(String target, long seconds) {}

    @Override
    public synchronized void cache(String hostname, String cname, long originalTtl, EventLoop loop) {
        aliases.put(canonical(hostname), new Alias(canonical(cname), originalTtl));
    }

    /** Seconds that the aliases from {@code host} on may be relied on, {@link Long#MAX_VALUE} where it is none. */
    synchronized long least(String host) {
        long least = Long.MAX_VALUE;
        Alias alias = aliases.get(canonical(host));
        // The bound: aliases may go round.
        for (int i = 0; alias != null && i < MAX_CHAIN; i++) {
            least = Math.min(least, alias.seconds);
            alias = aliases.get(alias.target);
        }
        return least;
    }

    /** The answer for {@code host} is complete; the next one may have other aliases, or none. */
    synchronized void forget(String host) {
        Alias alias = aliases.remove(canonical(host));
        while (alias != null) {
            alias = aliases.remove(alias.target);
        }
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + ".";
    }

    @Override
    public @Nullable String get(String hostname) {
        return null;
    }

    @Override
    public synchronized void clear() {
        aliases.clear();
    }

    @Override
    public boolean clear(String hostname) {
        return false;
    }
}
