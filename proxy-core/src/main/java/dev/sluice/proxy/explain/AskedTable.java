package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.words.WildcardHost;
import dev.sluice.proxy.routing.Router;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What may take the request of a question.
 *
 * @param listener whose
 * @param chain by which a connection gets to it; null for cleartext
 * @param routes the table; null where {@code router} is known, or it is carried as bytes
 * @param router that is asked; null for the table's
 * @param bytes where its connection is carried; null where its requests are routed
 * @param byName whether {@code bytes} is for the server that the client's TLS asks for
 */
record AskedTable(
        ListenerPlan listener,
        @Nullable String chain,
        @Nullable RouteTablePlan routes,
        @Nullable Router router,
        @Nullable TcpRoutePlan bytes,
        boolean byName) {
    private AskedTable(ListenerPlan listener, @Nullable String chain, RouteTablePlan routes) {
        this(listener, chain, routes, null, null, false);
    }

    /** Redirected requests that a router takes. */
    static AskedTable routed(ListenerPlan listener, Router router) {
        return new AskedTable(listener, null, null, router, null, false);
    }

    /** A connection whose requests are not looked into; {@code bytes} null where it is closed. */
    static AskedTable carried(ListenerPlan listener, @Nullable TcpRoutePlan bytes) {
        return new AskedTable(listener, null, null, null, bytes == null ? TcpRoutePlan.NOWHERE : bytes, false);
    }

    /** A connection of TLS that goes, unopened, by the server it asks for. */
    static AskedTable named(ListenerPlan listener, TcpRoutePlan bytes) {
        return new AskedTable(listener, null, null, null, bytes, true);
    }

    /** A connection of TLS for a server that the listener has nothing for. */
    static AskedTable unnamed(ListenerPlan listener) {
        return named(listener, TcpRoutePlan.NOWHERE);
    }

    /** Whether TLS is told apart from other connections, by the server it asks for or as such. */
    static boolean takesTls(ListenerPlan listener) {
        return listener.traffic().chains().stream()
                .anyMatch(chain -> chain.match().tls());
    }

    /**
     * What a connection of the question's scheme comes to at a listener that is connected to; null where the listener has
     * nothing for it.
     */
    static @Nullable AskedTable connected(ListenerPlan listener, Question question) {
        boolean secure = question.scheme().equals("https");
        boolean told = listener.traffic().detection() != null;
        AskedTable table = secure && told ? null : cleartext(listener);
        if (table == null && secure) {
            table = secure(listener, question.authority());
        }
        return table == null ? bytes(listener) : table;
    }

    /** The table of cleartext requests; null where the listener has none. */
    static @Nullable AskedTable cleartext(ListenerPlan listener) {
        RouteTablePlan routes = listener.traffic().routes();
        if (routes != null) {
            return new AskedTable(listener, null, routes);
        }
        for (ChainPlan chain : listener.traffic().chains()) {
            if (chain.tls() == null && chain.target() instanceof ChainTarget.Http http) {
                return new AskedTable(listener, chain.name(), http.routes());
            }
        }
        return null;
    }

    /** Where a listener carries every connection as it is; null where it looks into them. */
    static @Nullable AskedTable bytes(ListenerPlan listener) {
        for (ChainPlan chain : listener.traffic().chains()) {
            if (chain.match().equals(ChainMatchPlan.ANY) && chain.target() instanceof ChainTarget.Tcp tcp) {
                return carried(listener, tcp.route());
            }
        }
        return null;
    }

    /**
     * What a client reaches by TLS which names the URL's host, whether it ends here or passes through; null where the
     * listener has nothing for it.
     *
     * @param authority with or without port
     */
    static @Nullable AskedTable secure(ListenerPlan listener, String authority) {
        String host = host(authority);
        ChainPlan best = null;
        int most = -1;
        for (ChainPlan chain : listener.traffic().chains()) {
            int fits = chain.match().tls() ? fits(chain, host) : -1;
            if (fits > most) {
                most = fits;
                best = chain;
            }
        }
        return best == null ? null : of(listener, best);
    }

    private static AskedTable of(ListenerPlan listener, ChainPlan chain) {
        if (chain.target() instanceof ChainTarget.Http http) {
            return new AskedTable(listener, chain.name(), http.routes());
        }
        TcpRoutePlan route = ((ChainTarget.Tcp) chain.target()).route();
        return chain.tls() == null ? named(listener, route) : carried(listener, route);
    }

    /** How exactly a chain is for {@code host}: -1 not at all, 0 for any, else the length of the name that fits. */
    private static int fits(ChainPlan chain, String host) {
        List<String> names = chain.match().serverNames();
        int most = names.isEmpty() || names.contains("*") ? 0 : -1;
        for (String name : names) {
            if (name.equals(host)) {
                return Integer.MAX_VALUE;
            }
            if (name.startsWith("*.") && WildcardHost.covers(name, host, 0)) {
                most = Math.max(most, name.length());
            }
        }
        return most;
    }

    /** Without port, in lower case. */
    static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon >= 0 && colon > authority.lastIndexOf(']');
        return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
