package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.ConnectionPoolSettings.TcpKeepalive;
import dev.sluice.config.crd.HttpRoute.HttpRetry;
import dev.sluice.config.crd.LoadBalancerSettings.LocalityLbSetting;
import dev.sluice.config.crd.mesh.IdleMetadata;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshConfig.H2UpgradePolicy;
import dev.sluice.config.crd.mesh.MeshConfig.OutboundTrafficPolicy;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.mesh.ProxyConfig.InterceptionMode;
import dev.sluice.config.crd.schema.GoDuration;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MeshConfig with Istio's defaults where it says nothing (spec §7). */
public record Mesh(MeshConfig config) {
    private static final String ROOT_NAMESPACE = "istio-system";
    private static final List<String> EVERYBODY = List.of(ExportTo.ALL);

    /** The namespace whose objects hold for the whole mesh. */
    public String rootNamespace() {
        String root = config.rootNamespace();
        return root == null || root.isEmpty() ? ROOT_NAMESPACE : root;
    }

    /** Who sees a service that does not say it. */
    public List<String> serviceExportTo() {
        return orEverybody(config.defaultServiceExportTo());
    }

    /** Who sees a VirtualService that does not say it. */
    public List<String> virtualServiceExportTo() {
        return orEverybody(config.defaultVirtualServiceExportTo());
    }

    /** Who sees a DestinationRule that does not say it. */
    public List<String> destinationRuleExportTo() {
        return orEverybody(config.defaultDestinationRuleExportTo());
    }

    /** How long a connection may take. */
    public Duration connectTimeout() {
        Duration set = config.connectTimeout();
        return set == null || set.isZero() ? Duration.ofSeconds(10) : set;
    }

    /** Whether proxies are told that no connection is redirected to them. */
    public boolean redirectsNothing() {
        ProxyConfig proxy = config.defaultConfig();
        return proxy != null && proxy.interceptionMode() == InterceptionMode.NONE;
    }

    /** How long a connection that carries bytes may be silent where nobody else says it; zero for ever. */
    public Duration streamIdle() {
        ProxyConfig proxy = config.defaultConfig();
        // What is no duration is as if it were not there.
        Duration set = proxy == null
                ? null
                : GoDuration.notNegative(proxy.proxyMetadata().get(IdleMetadata.CONNECTION));
        return set == null ? Duration.ofMillis(TcpDestination.DEFAULT_IDLE_TIMEOUT_MILLIS) : set;
    }

    /** Probes of idle upstream sockets, for what a DestinationRule does not set; null for none. */
    public @Nullable TcpKeepalive tcpKeepalive() {
        return config.tcpKeepalive();
    }

    /** Locality settings where a DestinationRule has none; null when they are switched off. */
    public @Nullable LocalityLbSetting locality() {
        LocalityLbSetting set = config.localityLbSetting();
        return set == null || Boolean.FALSE.equals(set.enabled()) ? null : set;
    }

    /** Whether locality plays a part where nobody says otherwise. */
    public boolean localityEnabled() {
        LocalityLbSetting set = config.localityLbSetting();
        return set == null || !Boolean.FALSE.equals(set.enabled());
    }

    /** Whether upstreams whose port says HTTP are spoken to in HTTP/2. */
    public boolean upgradesToHttp2() {
        return config.h2UpgradePolicy() == H2UpgradePolicy.UPGRADE;
    }

    /** The retries of routes that set none; null for Istio's own default. */
    public @Nullable HttpRetry defaultRetries() {
        return config.defaultHttpRetryPolicy();
    }

    /** Whether requests to hosts that nobody declared pass. */
    public boolean allowsAny() {
        OutboundTrafficPolicy policy = config.outboundTrafficPolicy();
        return policy == null || policy.mode() == OutboundTrafficPolicy.Mode.ALLOW_ANY;
    }

    private static List<String> orEverybody(List<String> exportTo) {
        return exportTo.isEmpty() ? EVERYBODY : exportTo;
    }
}
