package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests that come back to where they have been: a route whose destination is, in the end, its own listener would
 * otherwise send one request round until no connection is left (spec/reliability.md D28, E8). Every request goes on with
 * {@code x-sluice-hop}, the listeners it has passed, as RFC 8586 does between content networks. Listeners are told apart,
 * not proxies: out through one listener and in through another of the same proxy is how a workload calls itself.
 *
 * <p>A marker is a random number, so it tells a server nothing, and a client cannot know it in order to be refused.
 * Immutable; any thread.
 */
public final class HopMarker {
    /** Some thirty proxies; a request that has passed more is in a loop whose members do not know themselves. */
    private static final int MAX_CHARS = 512;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final String own;

    /**
     * The marker of one listener, the same after a reload.
     *
     * @param process random number of the proxy
     */
    public HopMarker(long process, BindAddress listener) {
        this.own = HexFormat.of().toHexDigits(process ^ listener.hashCode() * SPREAD);
    }

    /** Whether a request with these markers has been here, or nearly everywhere. */
    boolean closesLoop(CharSequence hops) {
        return hops.length() > MAX_CHARS || hops.toString().contains(own);
    }

    /** The markers that the request goes on with; {@code hops} null for a request that has passed none. */
    String after(@Nullable CharSequence hops) {
        return hops == null || hops.length() == 0 ? own : hops + "," + own;
    }
}
