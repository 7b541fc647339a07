package dev.sluice.config.translate;

import dev.sluice.config.crd.LoadBalancerSettings.ZoneAwareLbSetting;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshConfig.InboundTrafficPolicy;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.translate.notice.Notices;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of MeshConfig that change what Istio's proxies do, and nothing here: whoever writes one is told what to do instead. */
final class UnservedSettings {
    private static final String OF_EACH_SERVER =
            "TLS is not set for all at once: write minProtocolVersion and cipherSuites in the tls of each server";

    /** The case of HTTP/1's headers is kept, and no headers tell the other side of a mesh who sent a request. */
    private static final Set<String> MET = Set.of("preserveHttp1HeaderCase", "metadataExchangeHeaders");

    /** Istio's, and what {@code run} opens where it is told nothing. */
    private static final int ADMIN_PORT = 15000;

    private UnservedSettings() {}

    static void notice(MeshConfig mesh, Notices notices) {
        notice(mesh, "tlsDefaults", OF_EACH_SERVER, notices);
        notice(mesh, "meshMTLS", OF_EACH_SERVER, notices);
        notice(
                mesh,
                "defaultProviders",
                "there are no providers: accessLogFile says where requests are logged, and /stats/prometheus has the metrics",
                notices);
        Integer proxyPort = mesh.proxyHttpPort();
        if (proxyPort != null && proxyPort != 0) {
            notices.notServed(
                    mesh.at().field("proxyHttpPort"),
                    "proxyHttpPort",
                    "nothing listens for it: run with --outbound 127.0.0.1:" + proxyPort);
        }
        if (mesh.dnsRefreshRate() != null) {
            notices.notServed(
                    mesh.at().field("dnsRefreshRate"),
                    "dnsRefreshRate",
                    "a name is asked for again when its time to live is over, or a minute after DNS failed");
        }
        ZoneAwareLbSetting zones = mesh.zoneAwareLbSetting();
        if (zones != null && !Boolean.FALSE.equals(zones.enabled())) {
            notices.notServed(
                    mesh.at().field("zoneAwareLbSetting"),
                    "zoneAwareLbSetting",
                    "places are gone by as localityLbSetting says, of the mesh or of a DestinationRule");
        }
        InboundTrafficPolicy inbound = mesh.inboundTrafficPolicy();
        if (inbound != null && inbound.mode() == InboundTrafficPolicy.Towards.LOCALHOST) {
            notices.notServed(
                    inbound.at().field("mode"),
                    "inboundTrafficPolicy.mode",
                    "redirected connections to the app go to the address that was dialled: write a Sidecar's ingress"
                            + " listener with defaultEndpoint 127.0.0.1:PORT");
        }
        ProxyConfig proxy = mesh.defaultConfig();
        if (proxy != null) {
            noticeProxy(proxy, notices);
        }
    }

    private static void noticeProxy(ProxyConfig config, Notices notices) {
        Integer admin = config.proxyAdminPort();
        if (admin != null && admin != 0 && admin != ADMIN_PORT) {
            notices.notServed(
                    config.at().field("proxyAdminPort"),
                    "defaultConfig.proxyAdminPort",
                    "the admin port is told on the command line: run with --admin 127.0.0.1:" + admin);
        }
        noticeKeys(
                "proxyHeaders",
                config.proxyHeaders(),
                "which headers the proxy adds and takes off is fixed, but for x-forwarded-client-cert at gateways:"
                        + " gatewayTopology.forwardClientCertDetails",
                notices);
        noticeKeys(
                "connectionSettings",
                config.connectionSettings(),
                "what a client's connection may cost is fixed; how many there may be is said by"
                        + " runtimeValues, how long they may idle by proxyMetadata",
                notices);
    }

    private static void noticeKeys(String field, @Nullable Node written, String message, Notices notices) {
        if (written instanceof MapNode settings) {
            for (String key : settings.keys()) {
                if (!MET.contains(key)) {
                    notices.notServed(settings.field(key), "defaultConfig." + field + "." + key, message);
                }
            }
        }
    }

    private static void notice(MeshConfig mesh, String field, String message, Notices notices) {
        if (mesh.at().get(field) instanceof MapNode written && written.size() > 0) {
            notices.notServed(mesh.at().field(field), field, message);
        }
    }
}
