package dev.sluice.config.translate.route;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.VirtualHostPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the last compilation made, for the next: the routes of VirtualServices that did not change, where nothing changed
 * that they depend on, and virtual hosts of the very same routes. So a change costs what it changes, and who holds a plan
 * can tell by identity what a reload left alone, places in files included. Used by one thread, for one compilation after
 * another.
 */
public final class KnownRoutes {
    private @Nullable Surroundings around;
    private IdentityHashMap<VirtualService, Known> last = new IdentityHashMap<>();
    private IdentityHashMap<VirtualService, Known> made = new IdentityHashMap<>();
    private Map<String, List<VirtualHostPlan>> lastTables = new HashMap<>();
    private Map<String, List<VirtualHostPlan>> tables = new HashMap<>();

    /** Routes for one binding, and those for others. */
    record Known(Binding binding, TranslatedRoutes routes, @Nullable Known next) {}

    /** A compilation of everything begins. */
    void begin(Surroundings now) {
        last = now.isLike(around) ? made : new IdentityHashMap<>();
        made = new IdentityHashMap<>(last.size());
        around = now;
        lastTables = tables;
        tables = new HashMap<>();
    }

    /** The compilation is over: what only the one before it had is let go. */
    void end() {
        last = new IdentityHashMap<>();
        lastTables = new HashMap<>();
    }

    /** The routes of a VirtualService for a binding; null when they have to be made. */
    @Nullable
    TranslatedRoutes find(VirtualService service, Binding binding) {
        TranslatedRoutes found = find(made.get(service), binding);
        if (found == null) {
            found = find(last.get(service), binding);
            if (found != null) {
                add(service, binding, found);
            }
        }
        return found;
    }

    private static @Nullable TranslatedRoutes find(@Nullable Known first, Binding binding) {
        for (Known known = first; known != null; known = known.next()) {
            if (known.binding().equals(binding)) {
                return known.routes();
            }
        }
        return null;
    }

    /** Remembers the routes of a VirtualService that has no delegates. */
    void add(VirtualService service, Binding binding, TranslatedRoutes routes) {
        made.put(service, new Known(binding, routes, made.get(service)));
    }

    /** The routes of a VirtualService, one after another by binding; null when it has none that stay. */
    @Nullable
    Known of(VirtualService service) {
        return made.get(service);
    }

    /** Another VirtualService takes the place of one, with routes of its own. */
    void change(VirtualService service, VirtualService other, @Nullable Known routes) {
        made.remove(service);
        made.put(other, Objects.requireNonNull(routes));
    }

    /** Virtual host number {@code i} of a table is another. */
    void change(String table, int i, VirtualHostPlan host, VirtualHostPlan other) {
        List<VirtualHostPlan> hosts = tables.get(table);
        if (hosts != null && i < hosts.size() && isSame(hosts.get(i), host)) {
            hosts.set(i, other);
        }
    }

    /** Other records stand for the same VirtualServices from now on. */
    public void replace(Map<VirtualService, VirtualService> others) {
        // Taking thousands out one by one would have such a map close as many gaps.
        IdentityHashMap<VirtualService, Known> renamed = new IdentityHashMap<>(made.size());
        made.forEach((service, known) -> renamed.put(others.getOrDefault(service, service), known));
        made = renamed;
    }

    /** The virtual hosts of a table, where they are what they were in the table of that name: the very objects. */
    public List<VirtualHostPlan> hosts(String table, List<VirtualHostPlan> hosts) {
        List<VirtualHostPlan> before = lastTables.getOrDefault(table, List.of());
        Map<String, VirtualHostPlan> byName = new HashMap<>();
        List<VirtualHostPlan> kept = new ArrayList<>(hosts.size());
        for (int i = 0; i < hosts.size(); i++) {
            VirtualHostPlan host = hosts.get(i);
            VirtualHostPlan same = i < before.size() ? before.get(i) : null;
            if (same == null || !same.name().equals(host.name())) {
                if (byName.isEmpty()) {
                    before.forEach(other -> byName.put(other.name(), other));
                }
                same = byName.get(host.name());
            }
            kept.add(same != null && isMadeOfTheSame(same, host) ? same : host);
        }
        tables.put(table, kept);
        return kept;
    }

    private static boolean isMadeOfTheSame(VirtualHostPlan one, VirtualHostPlan other) {
        return one.httpsRedirect() == other.httpsRedirect()
                && one.domains().equals(other.domains())
                && areTheSame(one.routes(), other.routes())
                && areTheSame(one.skipped(), other.skipped());
    }

    /** Whether both are one object: equal plans may be of different places in files. */
    static boolean isSame(Object one, Object other) {
        return one == other;
    }

    private static boolean areTheSame(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!isSame(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }
}
