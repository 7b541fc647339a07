package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code hosts} of a Sidecar's egress listener (spec §5): {@code ns/dnsName} lets in, {@code ~ns/dnsName} keeps out
 * again; {@code ~} alone as a namespace keeps out whatever the namespace, so {@code ~/*} lets nothing in. Immutable once
 * made.
 */
public final class EgressHosts {
    /** Everything. */
    public static final EgressHosts ALL = new EgressHosts(List.of("*/*"), "");

    /** Nothing. */
    public static final EgressHosts NONE = new EgressHosts(List.of(), "");

    private static final String ANY = "*";

    private final Map<String, HostIndex<Boolean>> in = new HashMap<>();
    private final Map<String, HostIndex<Boolean>> out = new HashMap<>();

    /** @param namespace the proxy's, which {@code .} stands for */
    public EgressHosts(List<String> hosts, String namespace) {
        for (String host : hosts) {
            int slash = host.indexOf('/');
            if (slash < 0) {
                continue;
            }
            boolean excluding = host.startsWith("~");
            String of = host.substring(excluding ? 1 : 0, slash);
            of = of.isEmpty() ? ANY : of.equals(".") ? namespace : of;
            (excluding ? out : in)
                    .computeIfAbsent(of, ns -> new HostIndex<>())
                    .add(host.substring(slash + 1).toLowerCase(Locale.ROOT), true);
        }
    }

    /** Whether a service is let in: some entry covers its host. */
    public boolean importsService(String namespace, String host) {
        return (covers(in, namespace, host) || covers(in, ANY, host)) && !keptOut(namespace, host);
    }

    /** Whether a VirtualService is let in: one of its hosts and some entry have names in common. */
    public boolean importsRules(String namespace, List<String> hosts) {
        for (String host : hosts) {
            if ((matches(in, namespace, host) || matches(in, ANY, host)) && !keptOut(namespace, host)) {
                return true;
            }
        }
        return false;
    }

    private boolean keptOut(String namespace, String host) {
        return covers(out, namespace, host) || covers(out, ANY, host);
    }

    private static boolean covers(Map<String, HostIndex<Boolean>> entries, String namespace, String host) {
        HostIndex<Boolean> index = entries.get(namespace);
        return index != null && index.covers(host);
    }

    private static boolean matches(Map<String, HostIndex<Boolean>> entries, String namespace, String host) {
        HostIndex<Boolean> index = entries.get(namespace);
        if (index == null) {
            return false;
        }
        if (index.covers(host)) {
            return true;
        }
        boolean[] found = new boolean[1];
        if (HostNames.isWildcard(host)) {
            index.forEachCovered(host, (name, value) -> found[0] = true);
        }
        return found[0];
    }
}
