package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The {@code hosts} of a Gateway's server: {@code [namespace/]name}, where {@code *} is any namespace and {@code .} its own. */
final class GatewayHosts {
    private static final String ANY = "*";

    private final HostIndex<String> namespaces = new HostIndex<>();
    private final Set<String> names = new LinkedHashSet<>();

    /** @param own the Gateway's namespace */
    GatewayHosts(List<String> hosts, String own) {
        for (String host : hosts) {
            int slash = host.indexOf('/');
            String namespace = slash < 0 ? ANY : host.substring(0, slash);
            String name = host.substring(slash + 1).toLowerCase(Locale.ROOT);
            namespaces.add(name, namespace.equals(".") ? own : namespace);
            names.add(name);
        }
    }

    /** The names, whatever the namespace. */
    Set<String> names() {
        return names;
    }

    /**
     * The hosts that a VirtualService gets on the server: of each pair of a host of the server that is open to its
     * namespace and one of its own, of which one covers the other, the narrower (spec §3.1).
     */
    Set<String> intersect(String namespace, List<String> hosts) {
        Set<String> both = new LinkedHashSet<>();
        for (String host : hosts) {
            namespaces.forEachMatching(host, (name, open) -> {
                if (open.equals(ANY) || open.equals(namespace)) {
                    both.add(HostNames.subsetOf(name, host) ? name : host);
                }
            });
        }
        return both;
    }
}
