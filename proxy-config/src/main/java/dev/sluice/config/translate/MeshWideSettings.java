package dev.sluice.config.translate;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshConfig.InboundTrafficPolicy;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.translate.notice.Notices;

/**
 * Settings of MeshConfig that change what Istio's proxies do, and nothing here: whoever writes one is told what to write
 * instead.
 */
final class MeshWideSettings {
    private static final String OF_EACH_SERVER =
            "TLS is not set for all at once: write minProtocolVersion and cipherSuites in the tls of each server";

    private MeshWideSettings() {}

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
        InboundTrafficPolicy inbound = mesh.inboundTrafficPolicy();
        if (inbound != null && inbound.mode() == InboundTrafficPolicy.Towards.LOCALHOST) {
            notices.notServed(
                    inbound.at().field("mode"),
                    "inboundTrafficPolicy.mode",
                    "redirected connections to the app go to the address that was dialled: write a Sidecar's ingress"
                            + " listener with defaultEndpoint 127.0.0.1:PORT");
        }
    }

    private static void notice(MeshConfig mesh, String field, String message, Notices notices) {
        if (mesh.at().get(field) instanceof MapNode written && written.size() > 0) {
            notices.notServed(mesh.at().field(field), field, message);
        }
    }
}
