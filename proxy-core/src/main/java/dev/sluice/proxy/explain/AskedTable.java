package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table that may route the request of a question.
 *
 * @param listener whose
 * @param chain by which a connection gets to it; null for cleartext
 * @param routes the table
 */
record AskedTable(ListenerPlan listener, @Nullable String chain, RouteTablePlan routes) {
    /** The table of cleartext requests; null where the listener has none. */
    static @Nullable AskedTable cleartext(ListenerPlan listener) {
        RouteTablePlan routes = listener.routes();
        if (routes != null) {
            return new AskedTable(listener, null, routes);
        }
        for (ChainPlan chain : listener.chains()) {
            if (chain.tls() == null && chain.target() instanceof ChainTarget.Http http) {
                return new AskedTable(listener, chain.name(), http.routes());
            }
        }
        return null;
    }

    /**
     * The table of the server that a client reaches by TLS which names the URL's host; null where the listener has none.
     *
     * @param authority with or without port
     */
    static @Nullable AskedTable secure(ListenerPlan listener, String authority) {
        String host = host(authority);
        AskedTable best = null;
        int most = -1;
        for (ChainPlan chain : listener.chains()) {
            if (chain.tls() != null && chain.target() instanceof ChainTarget.Http http) {
                int fits = fits(chain, host);
                if (fits > most) {
                    most = fits;
                    best = new AskedTable(listener, chain.name(), http.routes());
                }
            }
        }
        return best;
    }

    /** How exactly a chain is for {@code host}: -1 not at all, 0 for any, else the length of the name that fits. */
    private static int fits(ChainPlan chain, String host) {
        if (chain.match().serverNames().isEmpty()) {
            return 0;
        }
        int most = -1;
        for (String name : chain.match().serverNames()) {
            if (name.equals(host)) {
                return Integer.MAX_VALUE;
            }
            if (name.startsWith("*.") && host.endsWith(name.substring(1))) {
                most = Math.max(most, name.length());
            }
        }
        return most;
    }

    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon >= 0 && colon > authority.lastIndexOf(']');
        return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
