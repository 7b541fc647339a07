package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The route tables of the last snapshot, for the next one: of the very same plan, and with the same clusters to send requests
 * to, a table is the same, and so is each virtual host of it. Configuration thread.
 */
final class KnownTables {
    /** So many virtual hosts may be others before those that are the same are looked for elsewhere in the table. */
    private static final int FEW = 8;

    private long membership = -1;
    private Map<Place, Known> last = new HashMap<>();
    private Map<Place, Known> made = new HashMap<>();

    /** With its equality written out: the compiler's is linked at every start. */
    private record Place(BindAddress listener, String table) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && listener.equals(place.listener) && table.equals(place.table);
        }

        @Override
        public int hashCode() {
            return 31 * listener.hashCode() + table.hashCode();
        }
    }

    private record Known(RouteTablePlan plan, PathNormalization normalization, Router router) {}

    /** @param now of the clusters, see {@link ClusterRegistry#membership} */
    void begin(long now) {
        last = now == membership ? made : new HashMap<>();
        made = new HashMap<>();
        membership = now;
    }

    /** The snapshot is whole. */
    void end() {
        last = new HashMap<>();
    }

    Router router(
            BindAddress listener,
            RouteTablePlan plan,
            PathNormalization normalization,
            Function<VirtualHostPlan, VirtualHost> assemble) {
        Place place = new Place(listener, plan.name());
        Known before = last.get(place);
        Router router;
        if (before != null && isSame(before.plan(), plan) && before.normalization() == normalization) {
            router = before.router();
        } else {
            Router old = before == null ? null : before.router();
            router = new Router(hosts(plan, old, assemble), plan.unknownHost(), normalization, old);
        }
        made.put(place, new Known(plan, normalization, router));
        return router;
    }

    /** Whether both are one object: equal plans may be of different places in files. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    private static List<VirtualHost> hosts(
            RouteTablePlan plan, @Nullable Router before, Function<VirtualHostPlan, VirtualHost> assemble) {
        List<VirtualHost> old = before == null ? List.of() : before.hosts();
        IdentityHashMap<VirtualHostPlan, VirtualHost> byPlan = new IdentityHashMap<>();
        int others = old.size() == plan.hosts().size() ? 0 : FEW;
        List<VirtualHost> hosts = new ArrayList<>(plan.hosts().size());
        for (int i = 0; i < plan.hosts().size(); i++) {
            VirtualHostPlan host = plan.hosts().get(i);
            VirtualHost same = i < old.size() && isSame(old.get(i).plan(), host) ? old.get(i) : null;
            if (same == null && others++ >= FEW) {
                if (byPlan.isEmpty()) {
                    old.forEach(known -> byPlan.put(known.plan(), known));
                }
                same = byPlan.get(host);
            }
            hosts.add(same == null ? assemble.apply(host) : same);
        }
        return hosts;
    }
}
