package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.route.RouteTranslator;
import dev.sluice.config.translate.route.TranslatedRoutes;
import dev.sluice.config.translate.scope.BoundServices;
import dev.sluice.config.translate.scope.RoutedHosts;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables of Gateways' servers: of VirtualServices that are bound to them (spec §3.1). */
public final class GatewayRoutes {
    private final BoundServices bound;
    private final RouteTranslator routes;

    public GatewayRoutes(BoundServices bound, RouteTranslator routes) {
        this.bound = bound;
        this.routes = routes;
    }

    /** One table for all of {@code servers}. */
    RouteTablePlan table(String name, int port, List<ServedServer> servers) {
        GatewayTable table = new GatewayTable(port);
        Map<String, IdentityHashMap<VirtualService, TranslatedRoutes>> translated = new HashMap<>();
        for (ServedServer served : servers) {
            Binding binding = new Binding(served.id(), port);
            IdentityHashMap<VirtualService, TranslatedRoutes> own =
                    translated.computeIfAbsent(served.id(), key -> new IdentityHashMap<>());
            for (RoutedHosts service : bound.of(served.id())) {
                Set<String> shared =
                        served.hosts().intersect(service.service().metadata().namespace(), service.hosts());
                if (!shared.isEmpty()) {
                    TranslatedRoutes made =
                            own.computeIfAbsent(service.service(), rules -> routes.translate(rules, binding));
                    shared.forEach(host -> table.add(host, made, served.redirects()));
                }
            }
            if (served.redirects()) {
                served.hosts().names().forEach(table::redirectToHttps);
            }
        }
        return new RouteTablePlan(name, routes.hosts(name, table.plans()), RouteTablePlan.UnknownHost.NOT_FOUND);
    }
}
