package dev.sluice.proxy.upstream.names;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps names resolved: a name that somebody watches is asked for at once and again whenever its answer's time to live is
 * over, or after the refresh interval where the answer told none or failed (spec/istio-fields.md §4, §7). A failure takes
 * nothing away: the last good answer stays (spec/reliability.md D7). However many watch a name, it is asked for once.
 *
 * <p>Thread-safe; works and calls back on one event loop.
 */
public final class DnsResolver {
    /** MeshConfig.dnsRefreshRate's default. */
    public static final Duration DEFAULT_REFRESH = Duration.ofSeconds(60);

    private final EventLoop loop;
    private final NameResolver names;
    private final Duration refresh;
    private final Map<String, WatchedName> watched = new HashMap<>();

    /**
     * @param loop where timers run and listeners are called
     * @param refresh until the next question after a failure or an answer without a time to live
     */
    public DnsResolver(EventLoop loop, NameResolver names, Duration refresh) {
        this.loop = loop;
        this.names = names;
        this.refresh = refresh;
    }

    /** Told about a name, on {@link DnsResolver#loop()}. */
    public interface Listener {
        /** An answer came; at least one address, in its order. Called for each answer, changed or not. */
        void resolved(List<InetAddress> addresses);

        /** The name could not be resolved; what was known before still counts. */
        void failed(String reason);
    }

    /** Something that ends. */
    @FunctionalInterface
    public interface Watch {
        /** The listener hears nothing more, soon. Idempotent. */
        void close();
    }

    /** Where timers run and listeners are called. */
    public EventLoop loop() {
        return loop;
    }

    /** Keeps {@code host} resolved, which is no IP literal, until the watch is closed. */
    public Watch watch(String host, Listener listener) {
        loop.execute(() -> add(host, listener));
        return () -> loop.execute(() -> remove(host, listener));
    }

    private void add(String host, Listener listener) {
        WatchedName name = watched.get(host);
        if (name == null) {
            name = new WatchedName(host, loop, names, refresh);
            watched.put(host, name);
        }
        name.add(listener);
    }

    private void remove(String host, Listener listener) {
        WatchedName name = watched.get(host);
        if (name != null && name.remove(listener)) {
            watched.remove(host);
        }
    }
}
