package dev.sluice.proxy.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the virtual host of an authority (spec/istio-fields.md §0.3): exact, then the longest {@code *suffix}, then
 * {@code *}; within a name the domain with the request's port, then the one without (see {@link
 * dev.sluice.config.plan.VirtualHostPlan}). Immutable.
 */
final class VirtualHostTable {
    /** The port of an authority that names none. */
    private static final int DEFAULT_PORT = 80;

    private final Map<String, Ports> exact = new HashMap<>();
    private final Map<String, Ports> suffixes = new HashMap<>();
    private final int[] suffixLengths;
    private final Ports any = new Ports();

    VirtualHostTable(List<VirtualHost> hosts) {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (VirtualHost host : hosts) {
            for (String domain : host.plan().domains()) {
                int colon = portStart(domain);
                String name = colon < 0 ? domain : domain.substring(0, colon);
                int port = colon < 0 ? 0 : Integer.parseInt(domain.substring(colon + 1));
                if (name.equals("*")) {
                    any.add(port, host);
                } else if (name.startsWith("*")) {
                    suffixes.computeIfAbsent(name.substring(1), suffix -> new Ports())
                            .add(port, host);
                    lengths.add(name.length() - 1);
                } else {
                    exact.computeIfAbsent(name, full -> new Ports()).add(port, host);
                }
            }
        }
        this.suffixLengths =
                lengths.descendingSet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** @param authority as received; empty when there was none */
    @Nullable
    VirtualHost find(String authority) {
        if (authority.isEmpty()) {
            return any.find("", -1);
        }
        String lower = lower(authority);
        int colon = portStart(lower);
        String name = colon < 0 ? lower : lower.substring(0, colon);
        Ports named = exact.get(name);
        if (named != null) {
            VirtualHost found = named.find(lower, colon);
            if (found != null) {
                return found;
            }
        }
        for (int length : suffixLengths) {
            // A wildcard needs at least one character in place of its star.
            if (name.length() > length) {
                Ports covering = suffixes.get(name.substring(name.length() - length));
                VirtualHost found = covering == null ? null : covering.find(lower, colon);
                if (found != null) {
                    return found;
                }
            }
        }
        return any.find(lower, colon);
    }

    /** Position of the colon before the port; -1 without port. The colons of a bracketed IPv6 address are none. */
    private static int portStart(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon >= 0 && colon > authority.lastIndexOf(']') ? colon : -1;
    }

    private static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return text.toLowerCase(Locale.ROOT);
            }
        }
        return text;
    }

    /** The virtual hosts of one name: one for any port, and some for certain ports. */
    private static final class Ports {
        private @Nullable VirtualHost anyPort;
        private @Nullable Map<Integer, VirtualHost> byPort;

        /** The first to claim a domain keeps it. */
        void add(int port, VirtualHost host) {
            if (port == 0) {
                anyPort = anyPort == null ? host : anyPort;
                return;
            }
            if (byPort == null) {
                byPort = new HashMap<>();
            }
            byPort.putIfAbsent(port, host);
        }

        /** @param colon where the port of {@code authority} begins; -1 when it has none */
        @Nullable
        VirtualHost find(String authority, int colon) {
            if (byPort == null) {
                return anyPort;
            }
            VirtualHost found = byPort.get(colon < 0 ? DEFAULT_PORT : port(authority, colon + 1));
            return found == null ? anyPort : found;
        }

        /** The digits from {@code from} on; -1, a port that nobody has, for anything else. */
        private static int port(String authority, int from) {
            int port = 0;
            for (int i = from; i < authority.length(); i++) {
                int digit = authority.charAt(i) - '0';
                if (digit < 0 || digit > 9 || port > 65535) {
                    return -1;
                }
                port = port * 10 + digit;
            }
            return from == authority.length() ? DEFAULT_PORT : port;
        }
    }
}
