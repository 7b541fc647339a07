package dev.sluice.proxy.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the virtual host of an authority (spec/istio-fields.md §0.3): exact, then the longest {@code *suffix}, then
 * {@code *}. The port is dropped before the lookup, except that a domain written with a port is looked at first. Immutable.
 */
final class VirtualHostTable {
    private final Map<String, VirtualHost> exact = new HashMap<>();
    private final Map<String, VirtualHost> suffixes = new HashMap<>();
    private final int[] suffixLengths;
    private final @Nullable VirtualHost any;
    private final boolean hasPorts;

    VirtualHostTable(List<VirtualHost> hosts) {
        TreeSet<Integer> lengths = new TreeSet<>();
        VirtualHost catchAll = null;
        boolean ports = false;
        for (VirtualHost host : hosts) {
            for (String domain : host.plan().domains()) {
                if (domain.equals("*")) {
                    catchAll = catchAll == null ? host : catchAll;
                } else if (domain.startsWith("*")) {
                    suffixes.putIfAbsent(domain.substring(1), host);
                    lengths.add(domain.length() - 1);
                } else {
                    exact.putIfAbsent(domain, host);
                    ports |= portStart(domain) >= 0;
                }
            }
        }
        this.any = catchAll;
        this.hasPorts = ports;
        this.suffixLengths =
                lengths.descendingSet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** @param authority as received; empty when there was none */
    @Nullable
    VirtualHost find(String authority) {
        if (authority.isEmpty()) {
            return any;
        }
        String lower = lower(authority);
        int port = portStart(lower);
        if (hasPorts && port >= 0) {
            VirtualHost withPort = exact.get(lower);
            if (withPort != null) {
                return withPort;
            }
        }
        String host = port < 0 ? lower : lower.substring(0, port);
        VirtualHost found = exact.get(host);
        if (found != null) {
            return found;
        }
        for (int length : suffixLengths) {
            // A wildcard needs at least one character in place of its star.
            if (host.length() > length) {
                VirtualHost covering = suffixes.get(host.substring(host.length() - length));
                if (covering != null) {
                    return covering;
                }
            }
        }
        return any;
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
}
