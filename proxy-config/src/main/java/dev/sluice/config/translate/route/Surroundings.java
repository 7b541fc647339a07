package dev.sluice.config.translate.route;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.DestinationRule.Subset;
import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.TrafficPolicy;
import dev.sluice.config.crd.TrafficPolicy.PortTrafficPolicy;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.VisibleServices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the routes of a VirtualService without delegates depend on besides itself: who this proxy is, settings of the
 * mesh, which services there are and whether each has a single port, and, only where some DestinationRule hashes, those
 * rules. Endpoints are not in it: they change often, and no route knows them. Immutable.
 */
final class Surroundings {
    private final ProxyIdentity identity;
    private final MeshConfig mesh;
    private final Map<String, Known> services;
    /** Compared by identity, for that is how an object that did not change is known; null where none hashes. */
    private final @Nullable List<DestinationRule> rules;

    /** What a destination asks of its service. */
    private record Known(String namespace, int onlyPort) {}

    Surroundings(CrdSet set, ProxyIdentity identity, VisibleServices visible) {
        this.identity = identity;
        this.mesh = set.mesh();
        this.services = new HashMap<>();
        for (Service service : visible.all()) {
            ServicePort only = service.onlyPort();
            services.put(service.host(), new Known(service.namespace(), only == null ? -1 : only.number()));
        }
        this.rules = set.destinationRules().stream().anyMatch(Surroundings::hashes) ? set.destinationRules() : null;
    }

    private static boolean hashes(DestinationRule rule) {
        if (hashes(rule.trafficPolicy())) {
            return true;
        }
        for (Subset subset : rule.subsets()) {
            if (hashes(subset.trafficPolicy())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hashes(@Nullable TrafficPolicy policy) {
        if (policy == null) {
            return false;
        }
        for (PortTrafficPolicy port : policy.portLevelSettings()) {
            if (hashes(port.loadBalancer())) {
                return true;
            }
        }
        return hashes(policy.loadBalancer());
    }

    private static boolean hashes(@Nullable LoadBalancerSettings settings) {
        return settings != null && settings.consistentHash() != null;
    }

    /** Whether the same VirtualService has the same routes in both. */
    boolean isLike(@Nullable Surroundings other) {
        return other != null
                && identity.equals(other.identity)
                && mesh.equals(other.mesh)
                && services.equals(other.services)
                && areSame(rules, other.rules);
    }

    private static boolean areSame(@Nullable List<DestinationRule> one, @Nullable List<DestinationRule> other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!KnownRoutes.isSame(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }
}
