package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.ConnectionPoolSettings.H2UpgradePolicy;
import dev.sluice.config.crd.ConnectionPoolSettings.HttpSettings;
import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.LoadBalancerSettings.SimpleLb;
import dev.sluice.config.crd.TrafficPolicy.ProxyProtocol;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.ClusterPlan.UpstreamProtocol;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Nearness;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.tls.ClientTlsTranslator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the clusters of services: one for each port, and one for each port and subset. */
public final class ClusterTranslator {
    private final DestinationRules rules;
    private final ProxyIdentity identity;
    private final Mesh mesh;
    private final ClientTlsTranslator tls;
    private final Notices notices;
    private final LimitsTranslator limits;
    private final BalanceTranslator balance;

    public ClusterTranslator(
            DestinationRules rules, ProxyIdentity identity, Mesh mesh, ClientTlsTranslator tls, Notices notices) {
        this.tls = tls;
        this.rules = rules;
        this.identity = identity;
        this.mesh = mesh;
        this.notices = notices;
        this.limits = new LimitsTranslator(mesh);
        this.balance = new BalanceTranslator(new LocalityTranslator(identity, mesh, notices));
    }

    /** Adds every cluster of a service. */
    public void add(Service service, Map<ClusterKey, ClusterPlan> clusters) {
        MergedRule rule = rules.of(service);
        for (ServicePort port : service.ports()) {
            if (port.protocol() == PortProtocol.UDP) {
                continue;
            }
            put(cluster(service, port, rule, null), clusters);
            if (rule != null) {
                for (MergedRule.Owned subset : rule.subsets().values()) {
                    put(cluster(service, port, rule, subset), clusters);
                }
            }
        }
    }

    private static void put(ClusterPlan cluster, Map<ClusterKey, ClusterPlan> clusters) {
        clusters.put(cluster.key(), cluster);
    }

    private ClusterPlan cluster(
            Service service, ServicePort port, @Nullable MergedRule rule, MergedRule.@Nullable Owned subset) {
        LayeredPolicy policy = rule == null ? LayeredPolicy.NONE : LayeredPolicy.of(rule, subset, port.number());
        Discovery discovery = passesThrough(policy) ? Discovery.ORIGINAL_DESTINATION : service.discovery();
        boolean dialled = discovery.isByRequest();
        boolean listed = discovery == service.discovery();
        HttpSettings http =
                policy.connectionPool() == null ? null : policy.connectionPool().http();
        ClusterKey key = new ClusterKey(
                service.host(),
                port.number(),
                subset == null ? null : subset.subset().name());
        return new ClusterPlan(
                key,
                discovery,
                listed ? members(service, port, dialled ? null : subset) : List.of(),
                protocol(port.protocol(), http),
                ConnectPlan.of(
                        tls.plan(policy.tls(), namespace(policy), key, service.subjectAltNames()),
                        proxyProtocol(policy)),
                balance.balance(policy, service.nearness()),
                limits.limits(policy.connectionPool(), policy.retryBudget(), rule),
                OutlierTranslator.outlier(policy.outlierDetection(), rule),
                service.at());
    }

    private static String namespace(LayeredPolicy policy) {
        DestinationRule owner = policy.owner();
        return owner == null ? "" : owner.metadata().namespace();
    }

    /** Members of a cluster, one an address: two workloads that share one may differ in labels, and be in two subsets. */
    private List<EndpointPlan> members(Service service, ServicePort port, MergedRule.@Nullable Owned subset) {
        Map<String, String> labels = subset == null ? Map.of() : subset.subset().labels();
        Map<String, String> place = nodeOf(service);
        Map<String, EndpointPlan> members = new LinkedHashMap<>();
        for (EndpointPlan endpoint : port.endpoints()) {
            if (Labels.carry(endpoint.labels(), labels) && Labels.carry(endpoint.labels(), place)) {
                members.putIfAbsent(endpoint.hostPort(), endpoint);
            }
        }
        return List.copyOf(members.values());
    }

    /** The label that the endpoints must have of a service which wants none but those of this node. */
    private Map<String, String> nodeOf(Service service) {
        if (service.nearness() != Nearness.ONLY_NODE) {
            return Map.of();
        }
        String node = identity.labels().get(KubeLocality.NODE);
        if (node == null) {
            notices.notServed(
                    service.at(),
                    "internalTrafficPolicy Local needs to know the proxy's node, --label " + KubeLocality.NODE
                            + "=NODE; without it endpoints of every node are used");
            return Map.of();
        }
        return Map.of(KubeLocality.NODE, node);
    }

    private UpstreamProtocol protocol(PortProtocol port, @Nullable HttpSettings http) {
        H2UpgradePolicy own = http == null ? null : http.h2UpgradePolicy();
        boolean unset = own == null || own == H2UpgradePolicy.DEFAULT;
        boolean upgrade =
                unset ? (mesh.upgradesToHttp2() && port == PortProtocol.HTTP) : own == H2UpgradePolicy.UPGRADE;
        if (http != null && Boolean.TRUE.equals(http.useClientProtocol())) {
            return UpstreamProtocol.SAME_AS_DOWNSTREAM;
        }
        if (upgrade || port.isHttp2()) {
            return UpstreamProtocol.HTTP2;
        }
        return port == PortProtocol.UNKNOWN ? UpstreamProtocol.UNDECLARED : UpstreamProtocol.HTTP1;
    }

    private boolean passesThrough(LayeredPolicy policy) {
        LoadBalancerSettings settings = policy.loadBalancer();
        DestinationRule owner = policy.owner();
        if (owner == null || settings == null || settings.simple() != SimpleLb.PASSTHROUGH) {
            return false;
        }
        if (!identity.intercept()) {
            notices.notServed(
                    owner,
                    settings.at(),
                    "simple",
                    "PASSTHROUGH needs the address that the client dialled; where there is none, requests are answered"
                            + " 503");
        }
        return true;
    }

    private static ConnectPlan.@Nullable ProxyProtocol proxyProtocol(LayeredPolicy policy) {
        ProxyProtocol written = policy.proxyProtocol();
        if (written == null) {
            return null;
        }
        return written.version() == ProxyProtocol.Version.V2
                ? ConnectPlan.ProxyProtocol.V2
                : ConnectPlan.ProxyProtocol.V1;
    }

    /**
     * The cluster of the application behind a port.
     *
     * @param port where clients connect to
     * @param application its one endpoint; one of an unspecified address stands for the dialled address with its port, null
     *     for what was dialled
     * @param at where the port is declared
     */
    public ClusterPlan inbound(
            int port,
            @Nullable EndpointPlan application,
            PortProtocol protocol,
            @Nullable ConnectionPoolSettings pool,
            SourceRef at) {
        boolean dialled = application == null || application.address().equals("0.0.0.0");
        return new ClusterPlan(
                new ClusterKey(ClusterKey.INBOUND_HOST, port, null),
                dialled ? Discovery.ORIGINAL_DESTINATION : Discovery.STATIC,
                application == null ? List.of() : List.of(application),
                protocol(protocol, pool == null ? null : pool.http()),
                ConnectPlan.PLAIN,
                BalancePlan.DEFAULT,
                limits.limits(pool),
                null,
                at);
    }

    /** The cluster of redirected connections that go where they were going. */
    public ClusterPlan passthrough() {
        return new ClusterPlan(
                ClusterKey.PASSTHROUGH,
                Discovery.ORIGINAL_DESTINATION,
                List.of(),
                UpstreamProtocol.SAME_AS_DOWNSTREAM,
                ConnectPlan.PLAIN,
                BalancePlan.DEFAULT,
                limits.limits(null),
                null,
                SourceRef.NONE);
    }
}
