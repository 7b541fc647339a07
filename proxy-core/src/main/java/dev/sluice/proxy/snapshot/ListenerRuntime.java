package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.session.TcpObserver;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one listener does with its connections, as of one configuration. Immutable.
 *
 * @param plan what was configured
 * @param http what becomes of its cleartext requests; null where it serves none
 * @param chains what else its connections may become
 * @param streams told about every connection that carries bytes
 * @param capture where redirected connections go; null for a listener that is connected to
 * @param told where connections go by what is spoken on them; null where that is declared
 */
public record ListenerRuntime(
        ListenerPlan plan,
        @Nullable HttpRuntime http,
        ChainTable chains,
        TcpObserver streams,
        @Nullable CaptureIndex capture,
        @Nullable Ways told) {
    /**
     * What becomes of requests.
     *
     * @param chain name of the chain that they came by; null for cleartext
     * @return null when this configuration has no such chain, or none of HTTP
     */
    public @Nullable HttpRuntime http(@Nullable String chain) {
        if (chain == null) {
            return http;
        }
        ChainRuntime named = chains.named(chain);
        return named == null ? null : named.http();
    }

    /** What becomes of a redirected connection to {@code dialled}; null when nothing does. */
    public @Nullable Ways ways(InetSocketAddress dialled) {
        return capture == null ? null : capture.find(dialled);
    }
}
