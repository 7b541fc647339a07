package dev.sluice.config.translate.route;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts the new routes of a few VirtualServices where their old ones are. That is all there is to a change of rules, which is
 * what most changes are: which virtual hosts there are, who shares them and which clusters are needed stays as it is. Where
 * it does not, there is no patch. Used by one thread, once.
 */
final class RoutePatch {
    private final KnownRoutes known;
    private final List<Change> changes = new ArrayList<>();
    private final List<Replaced> services = new ArrayList<>();

    RoutePatch(KnownRoutes known) {
        this.known = known;
    }

    /** Routes of a VirtualService for one binding, before and after. */
    private record Change(TranslatedRoutes before, TranslatedRoutes after) {}

    private record Replaced(VirtualService before, VirtualService after, KnownRoutes.Known routes) {}

    /**
     * Adds a VirtualService that takes another's place.
     *
     * @param make its routes for a binding
     * @return false when more has to be done than to exchange routes
     */
    boolean add(
            VirtualService before, VirtualService after, BiFunction<VirtualService, Binding, TranslatedRoutes> make) {
        KnownRoutes.Known routes = null;
        KnownRoutes.Known first = isFramedAlike(before, after) ? known.of(before) : null;
        for (KnownRoutes.Known old = first; old != null; old = old.next()) {
            TranslatedRoutes made = make.apply(after, old.binding());
            boolean alike = !made.delegates()
                    && !made.routes().isEmpty()
                    && !old.routes().routes().isEmpty()
                    && hosts(made).equals(hosts(old.routes()));
            if (!alike) {
                return false;
            }
            changes.add(new Change(old.routes(), made));
            routes = new KnownRoutes.Known(old.binding(), made, routes);
        }
        if (routes == null) {
            return false;
        }
        services.add(new Replaced(before, after, routes));
        return true;
    }

    /** Whether the two are bound to the same hosts in the same way, and say nothing of connections of bytes. */
    private static boolean isFramedAlike(VirtualService one, VirtualService other) {
        return one.hosts().equals(other.hosts())
                && one.gateways().equals(other.gateways())
                && one.exportTo().equals(other.exportTo())
                && one.tls().isEmpty()
                && one.tcp().isEmpty()
                && other.tls().isEmpty()
                && other.tcp().isEmpty();
    }

    /** Of the clusters that routes need. */
    private static Set<String> hosts(TranslatedRoutes routes) {
        Set<String> hosts = new HashSet<>();
        for (RoutePlan route : routes.routes()) {
            if (route.action() instanceof RouteActionPlan.Forward forward) {
                for (DestinationPlan destination : forward.destinations()) {
                    hosts.add(destination.cluster().host());
                }
                for (MirrorPlan mirror : forward.mirrors()) {
                    hosts.add(mirror.cluster().host());
                }
            }
        }
        return hosts;
    }

    /** The listeners with the new routes; null when some virtual host has old ones among others. */
    @Nullable
    List<ListenerPlan> apply(List<ListenerPlan> listeners) {
        List<ListenerPlan> patched = new ArrayList<>(listeners.size());
        List<HostChange> hosts = new ArrayList<>();
        for (ListenerPlan listener : listeners) {
            ListenerPlan other = listener(listener, hosts);
            if (other == null) {
                return null;
            }
            patched.add(other);
        }
        services.forEach(replaced -> known.change(replaced.before(), replaced.after(), replaced.routes()));
        hosts.forEach(change -> known.change(change.table(), change.number(), change.before(), change.after()));
        return patched;
    }

    private record HostChange(String table, int number, VirtualHostPlan before, VirtualHostPlan after) {}

    private @Nullable ListenerPlan listener(ListenerPlan listener, List<HostChange> hosts) {
        TrafficPlan traffic = listener.traffic();
        RouteTablePlan routes = traffic.routes();
        RouteTablePlan cleartext = routes == null ? null : table(routes, hosts);
        if (routes != null && cleartext == null) {
            return null;
        }
        boolean same = cleartext == null || routes == null || KnownRoutes.isSame(cleartext, routes);
        List<ChainPlan> chains = new ArrayList<>(traffic.chains().size());
        for (ChainPlan chain : traffic.chains()) {
            if (chain.target() instanceof ChainTarget.Http http) {
                RouteTablePlan table = table(http.routes(), hosts);
                if (table == null) {
                    return null;
                }
                boolean kept = KnownRoutes.isSame(table, http.routes());
                same &= kept;
                chains.add(
                        kept
                                ? chain
                                : new ChainPlan(
                                        chain.name(),
                                        chain.match(),
                                        chain.tls(),
                                        new ChainTarget.Http(table),
                                        chain.origin()));
            } else {
                chains.add(chain);
            }
        }
        return same ? listener : listener.withTraffic(traffic.withTables(cleartext, chains));
    }

    private @Nullable RouteTablePlan table(RouteTablePlan table, List<HostChange> changed) {
        List<VirtualHostPlan> hosts = null;
        for (int i = 0; i < table.hosts().size(); i++) {
            VirtualHostPlan host = table.hosts().get(i);
            for (Change change : changes) {
                if (KnownRoutes.isSame(host.routes(), change.before().routes())) {
                    if (host.skipped().size() != change.before().skipped().size()) {
                        return null; // another VirtualService has nothing but skipped rules in it
                    }
                    VirtualHostPlan other = new VirtualHostPlan(
                            host.name(),
                            host.domains(),
                            change.after().routes(),
                            change.after().skipped(),
                            host.httpsRedirect());
                    hosts = hosts == null ? new ArrayList<>(table.hosts()) : hosts;
                    hosts.set(i, other);
                    changed.add(new HostChange(table.name(), i, host, other));
                } else if (isPartOf(change.before(), host)) {
                    return null;
                }
            }
        }
        return hosts == null ? table : new RouteTablePlan(table.name(), hosts, table.unknownHost());
    }

    private static boolean isPartOf(TranslatedRoutes routes, VirtualHostPlan host) {
        RoutePlan first = routes.routes().get(0);
        for (RoutePlan route : host.routes()) {
            if (KnownRoutes.isSame(route, first)) {
                return true;
            }
        }
        return false;
    }
}
