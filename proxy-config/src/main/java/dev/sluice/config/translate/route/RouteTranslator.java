package dev.sluice.config.translate.route;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.translate.cluster.HashKeys;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.delegate.Delegation;
import dev.sluice.config.translate.route.delegate.Rule;
import dev.sluice.config.translate.route.delegate.Rule.Dropped;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.VisibleServices;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a VirtualService's rules into routes, one a match block, in order (spec §1.1). The first that takes everything ends
 * the table. Used by one thread for one compilation.
 */
public final class RouteTranslator {
    private final Delegation delegation;
    private final BlockFilter filter;
    private final ForwardTranslator forwards;
    private final Destinations destinations;
    private final MatchTranslator matches;
    private final Once once = new Once();
    private final KnownRoutes known;
    private final IdentityHashMap<VirtualService, List<Rule>> rules = new IdentityHashMap<>();

    /** @param known of a compilation that has begun with {@link #begin}, or that only {@link #patch patches} */
    public RouteTranslator(
            CrdSet set,
            ProxyIdentity identity,
            Mesh mesh,
            VisibleServices services,
            HashKeys hashKeys,
            KnownRoutes known) {
        this.known = known;
        this.delegation = new Delegation(set, mesh, identity.domain());
        this.filter = new BlockFilter(identity);
        this.matches = new MatchTranslator(once);
        this.destinations = new Destinations(services, hashKeys, identity.domain());
        this.forwards = new ForwardTranslator(destinations, new RetryTranslator(mesh), once);
    }

    /** A compilation of everything begins: what is known of the last one is of use where this one's objects are like its. */
    public static void begin(CrdSet set, ProxyIdentity identity, VisibleServices services, KnownRoutes known) {
        known.begin(new Surroundings(set, identity, services));
    }

    /** It is over: what only the one before it had is let go. */
    public void end() {
        known.end();
    }

    /**
     * The tables of {@code listeners} with the routes of some VirtualServices made anew, where that is all that is to be done;
     * null where it is not.
     *
     * @param changed VirtualServices by those that they take the place of; nothing else differs
     */
    public @Nullable List<ListenerPlan> patch(
            List<ListenerPlan> listeners, Map<VirtualService, VirtualService> changed) {
        RoutePatch patch = new RoutePatch(known);
        for (Map.Entry<VirtualService, VirtualService> entry : changed.entrySet()) {
            if (!patch.add(entry.getKey(), entry.getValue(), this::make)) {
                return null;
            }
        }
        return patch.apply(listeners);
    }

    /** The routes of a VirtualService for a binding. */
    public TranslatedRoutes translate(VirtualService service, Binding binding) {
        TranslatedRoutes found = known.find(service, binding);
        if (found == null) {
            found = make(service, binding);
            if (!found.delegates()) { // what those say changes by itself
                known.add(service, binding, found);
            }
        }
        return found;
    }

    /** The virtual hosts of a table, the very ones of the compilation before where they are the same. */
    public List<VirtualHostPlan> hosts(String table, List<VirtualHostPlan> made) {
        return known.hosts(table, made);
    }

    private TranslatedRoutes make(VirtualService service, Binding binding) {
        Table table = new Table();
        for (Rule rule : rules.computeIfAbsent(service, delegation::rules)) {
            List<HttpMatchRequest> blocks = rule.route().match();
            Dropped dropped = rule.dropped();
            if (dropped != null || blocks.isEmpty()) {
                take(table, rule, -1, null, dropped, binding);
            } else {
                for (int i = 0; i < blocks.size(); i++) {
                    HttpMatchRequest block = blocks.get(i);
                    take(table, rule, i, block, filter.reason(rule, i, block, binding), binding);
                }
            }
        }
        boolean delegates = service.http().stream().anyMatch(rule -> rule.delegate() != null);
        return new TranslatedRoutes(table.routes, table.skipped, delegates);
    }

    /** The route of a service's port that no VirtualService takes. */
    public RoutePlan toService(Service service, ServicePort port) {
        Destinations.Found found = destinations.find(service, port.number());
        return new RoutePlan(RuleRef.DEFAULT, MatchPlan.ANY, forwards.plain(found), HeaderPlan.NONE);
    }

    /**
     * A route of everything to one destination, which nobody wrote as a rule.
     *
     * @param namespace what a short host belongs to
     */
    public RoutePlan toDestination(Destination destination, String namespace, int port) {
        Destinations.Found found = destinations.find(destination, namespace, port);
        return new RoutePlan(RuleRef.DEFAULT, MatchPlan.ANY, forwards.plain(found), HeaderPlan.NONE);
    }

    private void take(
            Table table,
            Rule rule,
            int index,
            @Nullable HttpMatchRequest block,
            @Nullable Dropped dropped,
            Binding binding) {
        RuleRef ref = ref(rule, index, block);
        if (dropped != null) {
            table.skipped.add(new SkippedRulePlan(ref, dropped.predicate(), dropped.reason(), dropped.at()));
        } else if (table.last != null) {
            String reason = "it follows http[" + table.last.index() + "] of " + table.last.virtualService()
                    + ", which takes every request";
            table.skipped.add(new SkippedRulePlan(ref, "http", reason, ref.at()));
        } else {
            RoutePlan route = route(rule, ref, block, binding);
            table.routes.add(route);
            table.last = MatchTranslator.isCatchAll(route.match()) ? ref : null;
        }
    }

    private RoutePlan route(Rule rule, RuleRef ref, @Nullable HttpMatchRequest block, Binding binding) {
        MatchPlan match = block == null ? MatchPlan.ANY : matches.match(block);
        HttpRoute route = rule.route();
        if (route.redirect() != null) {
            return answer(ref, match, route, LocalAnswerTranslator.redirect(route.redirect(), match, binding.port()));
        }
        if (route.directResponse() != null) {
            return answer(ref, match, route, LocalAnswerTranslator.directResponse(route.directResponse()));
        }
        ForwardTranslator.Forwarding forwarding = forwards.forward(rule, match, binding.port());
        return new RoutePlan(ref, match, forwarding.action(), forwarding.headers());
    }

    private static RoutePlan answer(RuleRef ref, MatchPlan match, HttpRoute route, RouteActionPlan action) {
        return new RoutePlan(ref, match, action, HeaderTranslator.level(route.headers()));
    }

    private RuleRef ref(Rule rule, int index, @Nullable HttpMatchRequest block) {
        String name = rule.route().name();
        String ofBlock = block == null ? null : block.name();
        if (ofBlock != null && !ofBlock.isEmpty()) {
            name = name == null ? "." + ofBlock : name + "." + ofBlock;
        }
        return new RuleRef(
                once.of(rule.holder().metadata().id()),
                rule.index(),
                index,
                name,
                rule.route().at().ref());
    }

    /** What has been made so far; nothing follows a rule that takes everything. */
    private static final class Table {
        private final List<RoutePlan> routes = new ArrayList<>();
        private final List<SkippedRulePlan> skipped = new ArrayList<>();
        private @Nullable RuleRef last;
    }
}
