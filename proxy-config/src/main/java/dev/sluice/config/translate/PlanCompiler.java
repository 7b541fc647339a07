package dev.sluice.config.translate;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.translate.cluster.ClusterTranslator;
import dev.sluice.config.translate.cluster.DestinationRules;
import dev.sluice.config.translate.cluster.HashKeys;
import dev.sluice.config.translate.cluster.InboundPools;
import dev.sluice.config.translate.cluster.StreamPolicies;
import dev.sluice.config.translate.cluster.WorkloadPorts;
import dev.sluice.config.translate.intercept.InterceptSettings;
import dev.sluice.config.translate.intercept.Interception;
import dev.sluice.config.translate.listener.GatewayListeners;
import dev.sluice.config.translate.listener.GatewayRoutes;
import dev.sluice.config.translate.listener.GatewayStreams;
import dev.sluice.config.translate.listener.IngressListeners;
import dev.sluice.config.translate.listener.IngressListeners.Ingress;
import dev.sluice.config.translate.listener.MeshListeners;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServiceRegistry;
import dev.sluice.config.translate.route.Destinations;
import dev.sluice.config.translate.route.KnownRoutes;
import dev.sluice.config.translate.route.RouteTranslator;
import dev.sluice.config.translate.scope.BoundServices;
import dev.sluice.config.translate.scope.HiddenServices;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.ProxyScope;
import dev.sluice.config.translate.scope.SidecarScope;
import dev.sluice.config.translate.scope.VisibleServices;
import dev.sluice.config.translate.stream.StreamRoutes;
import dev.sluice.config.translate.tls.ClientTlsTranslator;
import dev.sluice.config.translate.tls.Credentials;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles Istio's objects into the plan of one proxy: registry, visibility, clusters, routes, listeners.
 *
 * <p>Pure: the same objects give an equal plan, wherever in their files they are written. It never throws on objects
 * without blocking findings, whatever others they name that are not there: such a route's cluster is missing in the plan,
 * and its requests are answered 503. Any thread.
 */
public final class PlanCompiler {
    private final CrdSet set;
    private final ProxyIdentity identity;
    private final Notices notices = new Notices();
    private final ServiceRegistry registry;
    private final SidecarScope scope;
    private final VisibleServices services;
    private final BoundServices bound;
    private final DestinationRules rules;
    private final RouteTranslator routes;
    private final StreamPolicies streamPolicies;
    private final StreamRoutes streams;
    private final Credentials credentials;
    private final ServerTlsTranslator serverTls;
    private final ClusterTranslator clusters;

    private PlanCompiler(CrdSet set, ProxyIdentity identity, KnownRoutes known) {
        this.set = set;
        this.identity = identity;
        Mesh mesh = new Mesh(set.mesh());
        this.registry = ServiceRegistry.of(set, identity.domain(), notices);
        this.scope = SidecarScope.of(set, identity, mesh);
        this.services = new VisibleServices(registry, identity, mesh, scope);
        this.bound = new BoundServices(set, identity, mesh);
        this.rules = new DestinationRules(set, identity, mesh);
        HashKeys hashKeys = new HashKeys(rules);
        RouteTranslator.begin(set, identity, services, known);
        this.routes = new RouteTranslator(set, identity, mesh, services, hashKeys, known);
        this.streamPolicies = new StreamPolicies(rules, mesh, notices);
        this.streams = new StreamRoutes(
                identity, services, new Destinations(services, hashKeys, identity.domain()), streamPolicies);
        this.credentials = new Credentials(set, identity.namespace());
        this.serverTls = new ServerTlsTranslator(credentials);
        this.clusters = new ClusterTranslator(rules, identity, mesh, new ClientTlsTranslator(credentials), notices);
    }

    /** The plan of a proxy, and what did not make it into it. */
    public static Compiled compile(CrdSet set, ProxyIdentity identity) {
        return compile(set, identity, new KnownRoutes());
    }

    /** The same, sparing what is known. */
    static Compiled compile(CrdSet set, ProxyIdentity identity, KnownRoutes known) {
        return new PlanCompiler(set, identity, known).compiled();
    }

    private Compiled compiled() {
        UnservedSettings.notice(set.mesh(), notices);
        InterceptSettings settings = InterceptSettings.of(set.mesh());
        Set<Integer> reserved = identity.intercept() ? settings.ports() : Set.of();
        ListenerSet listeners = new ListenerSet(reserved, notices);
        ProxyScope around = new ProxyScope(identity, scope, services, bound);
        MeshListeners meshListeners = new MeshListeners(around, routes, streams, settings.detection(), notices);
        BindAddress outbound = identity.outbound();
        if (outbound != null) {
            listeners.add(meshListeners.outbound(outbound));
        }
        ClusterSet needed = new ClusterSet(services, clusters);
        InboundPools inbound =
                new InboundPools(scope.sidecar(), rules, identity, WorkloadPorts.of(set, identity), streamPolicies);
        Interception captured = Interception.of(
                set, around, new Interception.Makers(meshListeners, streams, clusters, inbound, serverTls), notices);
        captured.listeners().forEach(listeners::add);
        captured.clusters().forEach(needed::add);
        List<ListenerPlan> gateways = gateways();
        gateways.forEach(listeners::add);
        meshListeners.egress().forEach(listeners::add);
        for (Ingress ingress :
                new IngressListeners(around, inbound, clusters, serverTls, settings.detection(), notices).listeners()) {
            if (listeners.add(ingress.listener())) {
                needed.add(ingress.cluster());
            }
        }
        for (Service service : services.all()) {
            // A Gateway sees past the Sidecar.
            if (!gateways.isEmpty() || scope.imports(service)) {
                needed.add(service);
            }
        }
        listeners.plans().forEach(needed::addNamedBy);
        routes.end();
        return new Compiled(
                new ProxyPlan(
                        listeners.plans(),
                        needed.plans(),
                        SettingsTranslator.settings(set.mesh(), identity, scope.sidecar()),
                        credentials.secrets(),
                        HiddenServices.of(registry, around)),
                notices.all());
    }

    private List<ListenerPlan> gateways() {
        GatewayStreams bytes = new GatewayStreams(bound, streams, services);
        GatewayRoutes requests = new GatewayRoutes(bound, routes);
        return new GatewayListeners(set, identity, requests, bytes, serverTls, notices).listeners();
    }

    /**
     * A plan in which nothing but rules of some VirtualServices is different; null where more has to be done.
     *
     * @param last compiled with {@code known} of a set that differed from {@code set} by {@code changed} only
     * @param changed VirtualServices by those that they take the place of
     */
    static @Nullable Compiled patch(
            Compiled last,
            CrdSet set,
            Map<VirtualService, VirtualService> changed,
            ProxyIdentity identity,
            KnownRoutes known) {
        Mesh mesh = new Mesh(set.mesh());
        ServiceRegistry registry = ServiceRegistry.of(set, identity.domain(), new Notices());
        VisibleServices services = new VisibleServices(registry, identity, mesh, SidecarScope.of(set, identity, mesh));
        HashKeys hashKeys = new HashKeys(new DestinationRules(set, identity, mesh));
        ProxyPlan plan = last.plan();
        List<ListenerPlan> listeners =
                new RouteTranslator(set, identity, mesh, services, hashKeys, known).patch(plan.listeners(), changed);
        return listeners == null
                ? null
                : new Compiled(
                        new ProxyPlan(listeners, plan.clusters(), plan.settings(), plan.secrets(), plan.hidden()),
                        last.notices());
    }
}
