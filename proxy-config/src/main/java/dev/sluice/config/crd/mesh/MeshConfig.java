package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.ConnectionPoolSettings.TcpKeepalive;
import dev.sluice.config.crd.HttpRoute.HttpRetry;
import dev.sluice.config.crd.LoadBalancerSettings.LocalityLbSetting;
import dev.sluice.config.crd.LoadBalancerSettings.ZoneAwareLbSetting;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's MeshConfig: settings of the whole mesh, as far as one proxy without a control plane has a use for them. */
public record MeshConfig(
        MapNode at,
        @Nullable Integer proxyListenPort,
        @Nullable Integer proxyInboundListenPort,
        @Nullable Integer proxyHttpPort,
        @Nullable Duration connectTimeout,
        @Nullable Duration protocolDetectionTimeout,
        @Nullable Duration dnsRefreshRate,
        @Nullable TcpKeepalive tcpKeepalive,
        @Nullable OutboundTrafficPolicy outboundTrafficPolicy,
        @Nullable InboundTrafficPolicy inboundTrafficPolicy,
        @Nullable ProxyPathNormalization pathNormalization,
        @Nullable H2UpgradePolicy h2UpgradePolicy,
        @Nullable LocalityLbSetting localityLbSetting,
        @Nullable ZoneAwareLbSetting zoneAwareLbSetting,
        @Nullable HttpRetry defaultHttpRetryPolicy,
        @Nullable String accessLogFile,
        @Nullable String accessLogFormat,
        @Nullable AccessLogEncoding accessLogEncoding,
        @Nullable Boolean enableTracing,
        @Nullable Boolean enablePrometheusMerge,
        @Nullable Boolean enableAutoMtls,
        @Nullable Boolean verifyCertificateAtClient,
        List<String> defaultServiceExportTo,
        List<String> defaultVirtualServiceExportTo,
        List<String> defaultDestinationRuleExportTo,
        @Nullable String rootNamespace,
        @Nullable String trustDomain,
        List<String> trustDomainAliases,
        @Nullable ProxyConfig defaultConfig) {
    static Rules rules() {
        return new Rules()
                .alsoKnown(
                        "ca",
                        "caCertificates",
                        "certificates",
                        "configSources",
                        "defaultProviders",
                        "defaultTrafficPolicy",
                        "disableEnvoyListenerLog",
                        "discoverySelectors",
                        "enableEnvoyAccessLogService",
                        "extensionProviders",
                        "inboundClusterStatName",
                        "ingressClass",
                        "ingressControllerMode",
                        "ingressSelector",
                        "ingressService",
                        "meshMTLS",
                        "outboundClusterStatName",
                        "serviceScopeConfigs",
                        "serviceSettings",
                        "thriftConfig",
                        "tlsDefaults")
                .range("proxyListenPort", 0, 65535)
                .range("proxyInboundListenPort", 0, 65535)
                .range("proxyHttpPort", 0, 65535);
    }

    /** Istio's name for how paths are normalised; null where nothing says. */
    public @Nullable String pathNormalizationName() {
        ProxyPathNormalization.Normalization written =
                pathNormalization == null ? null : pathNormalization.normalization();
        return written == null ? null : written.name();
    }

    /** What becomes of traffic to hosts that nobody declared; present without a mode is REGISTRY_ONLY. */
    public record OutboundTrafficPolicy(MapNode at, @Nullable Mode mode) {
        /** Refuse or pass. */
        public enum Mode {
            REGISTRY_ONLY,
            ALLOW_ANY
        }
    }

    /** Where what is sent to the app goes. */
    public record InboundTrafficPolicy(MapNode at, @Nullable Towards mode) {
        /** To the address that was dialled, or to loopback. */
        public enum Towards {
            PASSTHROUGH,
            LOCALHOST
        }
    }

    /** What is done to a path before it is matched. */
    public record ProxyPathNormalization(MapNode at, @Nullable Normalization normalization) {
        /** From nothing to everything. */
        public enum Normalization {
            DEFAULT,
            NONE,
            BASE,
            MERGE_SLASHES,
            DECODE_AND_MERGE_SLASHES
        }
    }

    /** Whether ports that say HTTP are spoken to in HTTP/2, unless a DestinationRule says otherwise. */
    public enum H2UpgradePolicy {
        DO_NOT_UPGRADE,
        UPGRADE
    }

    /** The form of an access log line. */
    public enum AccessLogEncoding {
        TEXT,
        JSON
    }
}
