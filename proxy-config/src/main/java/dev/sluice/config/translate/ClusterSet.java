package dev.sluice.config.translate;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.translate.cluster.ClusterTranslator;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.scope.VisibleServices;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The clusters of a plan: those of services that are added, and of services that routes name. */
final class ClusterSet {
    private final VisibleServices services;
    private final ClusterTranslator translator;
    private final Set<String> added = new HashSet<>();
    private final Map<ClusterKey, ClusterPlan> plans = new LinkedHashMap<>();

    ClusterSet(VisibleServices services, ClusterTranslator translator) {
        this.services = services;
        this.translator = translator;
    }

    void add(Service service) {
        if (added.add(service.host())) {
            translator.add(service, plans);
        }
    }

    void add(ClusterPlan cluster) {
        plans.put(cluster.key(), cluster);
    }

    /** A route may go where the Sidecar's listeners do not. */
    void addNamedBy(ListenerPlan listener) {
        for (RouteTablePlan table : listener.traffic().tables()) {
            for (VirtualHostPlan host : table.hosts()) {
                host.routes().forEach(this::addNamedBy);
            }
        }
        for (ChainPlan chain : listener.traffic().chains()) {
            if (chain.target() instanceof ChainTarget.Tcp tcp) {
                tcp.route().destinations().forEach(destination -> add(destination.cluster()));
            }
        }
    }

    private void addNamedBy(RoutePlan route) {
        if (route.action() instanceof RouteActionPlan.Forward forward) {
            for (DestinationPlan destination : forward.destinations()) {
                add(destination.cluster());
            }
            for (MirrorPlan mirror : forward.mirrors()) {
                add(mirror.cluster());
            }
        }
    }

    private void add(ClusterKey key) {
        Service service = services.get(key.host());
        if (service != null) {
            add(service);
        }
    }

    Map<ClusterKey, ClusterPlan> plans() {
        return plans;
    }
}
