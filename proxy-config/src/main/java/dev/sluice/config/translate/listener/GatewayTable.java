package dev.sluice.config.translate.listener;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.translate.route.MatchTranslator;
import dev.sluice.config.translate.route.TranslatedRoutes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The virtual hosts of one gateway port while they are put together: VirtualServices that share a host have their routes
 * one after the other, and what takes everything comes last (spec §0.3).
 */
final class GatewayTable {
    private final int port;
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    GatewayTable(int port) {
        this.port = port;
    }

    private static final class Host {
        private Collection<RoutePlan> routes = List.of();
        private Collection<SkippedRulePlan> skipped = List.of();
        private boolean httpsRedirect;
    }

    /** @param httpsRedirect whether the server that has the host is for https only */
    void add(String host, TranslatedRoutes routes, boolean httpsRedirect) {
        Host entry = host(host);
        entry.httpsRedirect |= httpsRedirect;
        entry.routes = joined(entry.routes, routes.routes(), routes.delegates());
        entry.skipped = joined(entry.skipped, routes.skipped(), routes.delegates());
    }

    /**
     * In order, and without repetition: a VirtualService that comes by two servers of a port has its routes once, and so has
     * a delegate of two. A host of one VirtualService is spared the hash of its whole plan.
     */
    private static <T> Collection<T> joined(Collection<T> before, List<T> more, boolean maybeTwice) {
        if (more.isEmpty() || isSame(before, more)) {
            return before;
        }
        if (before.isEmpty() && !maybeTwice) {
            return more;
        }
        Collection<T> all = before instanceof LinkedHashSet ? before : new LinkedHashSet<>(before);
        all.addAll(more);
        return all;
    }

    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    /** Every cleartext request for the host is sent to https, also where there are no routes. */
    void redirectToHttps(String host) {
        host(host).httpsRedirect = true;
    }

    private Host host(String host) {
        return hosts.computeIfAbsent(host, name -> new Host());
    }

    List<VirtualHostPlan> plans() {
        List<VirtualHostPlan> plans = new ArrayList<>(hosts.size());
        hosts.forEach((name, host) -> {
            if (host.routes.isEmpty() && !host.httpsRedirect) {
                return; // as if nobody had named it: a less specific host may take its requests
            }
            String domain = Domains.written(name);
            plans.add(new VirtualHostPlan(
                    domain + ":" + port,
                    List.of(domain),
                    catchAllLast(host.routes),
                    List.copyOf(host.skipped),
                    host.httpsRedirect));
        });
        return plans;
    }

    private static List<RoutePlan> catchAllLast(Collection<RoutePlan> routes) {
        if (routes instanceof List<RoutePlan> list && isCatchAllLast(list)) {
            return list;
        }
        List<RoutePlan> ordered = new ArrayList<>(routes.size());
        List<RoutePlan> last = new ArrayList<>();
        for (RoutePlan route : routes) {
            (MatchTranslator.isCatchAll(route.match()) ? last : ordered).add(route);
        }
        ordered.addAll(last);
        return ordered;
    }

    private static boolean isCatchAllLast(List<RoutePlan> routes) {
        for (int i = 0; i < routes.size() - 1; i++) {
            if (MatchTranslator.isCatchAll(routes.get(i).match())) {
                return false;
            }
        }
        return true;
    }
}
