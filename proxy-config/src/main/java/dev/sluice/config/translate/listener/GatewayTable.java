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
        entry.routes = joined(entry.routes, routes.routes());
        entry.skipped = joined(entry.skipped, routes.skipped());
    }

    /**
     * In order, and without repetition: a VirtualService that comes by two servers of a port has its routes once, and so has
     * a delegate that is delegated to twice. A host with one route is spared the hash of its whole plan.
     */
    private static <T> Collection<T> joined(Collection<T> before, List<T> more) {
        if (more.isEmpty()) {
            return before;
        }
        if (before.isEmpty() && more.size() == 1) {
            return more;
        }
        Collection<T> all = before instanceof LinkedHashSet ? before : new LinkedHashSet<>(before);
        all.addAll(more);
        return all;
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
        List<RoutePlan> ordered = new ArrayList<>(routes.size());
        List<RoutePlan> last = new ArrayList<>();
        for (RoutePlan route : routes) {
            (MatchTranslator.isCatchAll(route.match()) ? last : ordered).add(route);
        }
        ordered.addAll(last);
        return ordered;
    }
}
