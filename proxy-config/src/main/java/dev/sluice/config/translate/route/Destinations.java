package dev.sluice.config.translate.route;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.translate.cluster.HashKeys;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.VisibleServices;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the clusters that destinations name (spec §1.3), whether there are such clusters or not. */
public final class Destinations {
    private final VisibleServices services;
    private final HashKeys hashKeys;
    private final String domain;

    /** @param domain of the cluster's services */
    public Destinations(VisibleServices services, HashKeys hashKeys, String domain) {
        this.services = services;
        this.hashKeys = hashKeys;
        this.domain = domain;
    }

    /** A destination found: its cluster, and the hash keys that its policy asks for. */
    public record Found(ClusterKey cluster, HashPlan hash) {}

    /**
     * @param namespace what a short host belongs to
     * @param listenerPort for a service of several ports of which the destination names none
     */
    public Found find(Destination destination, String namespace, int listenerPort) {
        String host = HostNames.expand(Objects.requireNonNullElse(destination.host(), ""), namespace, domain);
        Service service = services.get(host);
        Integer explicit = explicitPort(destination);
        ServicePort only = service == null ? null : service.onlyPort();
        int port = explicit != null ? explicit : only != null ? only.number() : listenerPort;
        String subset = destination.subset();
        subset = subset == null || subset.isEmpty() ? null : subset;
        HashPlan hash = service == null ? HashPlan.NONE : hashKeys.of(service, subset, port, explicit != null);
        return new Found(new ClusterKey(host, port, subset), hash);
    }

    /** A port of a service, as its default route names it. */
    public Found find(Service service, int port) {
        return find(service, port, null);
    }

    /** A subset of a service's port. */
    public Found find(Service service, int port, @Nullable String subset) {
        return new Found(new ClusterKey(service.host(), port, subset), hashKeys.of(service, subset, port, true));
    }

    private static @Nullable Integer explicitPort(Destination destination) {
        Long number = destination.port() == null ? null : destination.port().number();
        return number == null || number == 0 ? null : number.intValue();
    }
}
