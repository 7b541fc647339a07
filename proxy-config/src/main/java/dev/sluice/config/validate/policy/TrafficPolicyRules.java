package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.TrafficPolicy;
import dev.sluice.config.crd.TrafficPolicy.PortTrafficPolicy;
import dev.sluice.config.crd.TrafficPolicy.TunnelSettings;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.ConnectionPoolRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.IpText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A trafficPolicy of a host, a subset or a port (spec §11.2). */
final class TrafficPolicyRules {
    private static final List<String> PORT_BLOCKS =
            List.of("loadBalancer", "connectionPool", "outlierDetection", "tls");
    private static final List<String> MORE_BLOCKS = List.of("tunnel", "proxyProtocol", "retryBudget");

    private TrafficPolicyRules() {}

    static void check(@Nullable TrafficPolicy policy, Report report) {
        if (policy == null) {
            return;
        }
        MapNode at = policy.at();
        if (!hasOne(at, PORT_BLOCKS) && !hasOne(at, MORE_BLOCKS) && ValueRules.none(at, "portLevelSettings")) {
            report.error(
                    Place.of(at),
                    "says nothing: needs one of " + String.join(", ", PORT_BLOCKS) + ", portLevelSettings, "
                            + String.join(", ", MORE_BLOCKS));
        }
        if (policy.tunnel() != null && policy.proxyProtocol() != null) {
            report.error(Place.of(at).key("proxyProtocol"), "tunnel and proxyProtocol exclude one another");
        }
        OutlierRules.check(policy.outlierDetection(), report);
        ConnectionPoolRules.check(policy.connectionPool(), report);
        LoadBalancerRules.check(policy.loadBalancer(), policy.outlierDetection() != null, report);
        ClientTlsRules.check(policy.tls(), report);
        for (PortTrafficPolicy port : policy.portLevelSettings()) {
            port(port, report);
        }
        if (policy.tunnel() != null) {
            tunnel(policy.tunnel(), report);
        }
        if (policy.retryBudget() != null
                && policy.connectionPool() != null
                && policy.connectionPool().http() != null
                && policy.connectionPool().http().maxRetries() != null) {
            report.warning(
                    Codes.NO_EFFECT,
                    Place.of(policy.connectionPool().http().at()).key("maxRetries"),
                    "has no effect: the retryBudget takes its place");
        }
    }

    private static void port(PortTrafficPolicy port, Report report) {
        if (port.port() == null && !port.at().has("port")) {
            report.error(Place.of(port.at()), "needs a port");
        }
        if (!hasOne(port.at(), PORT_BLOCKS)) {
            report.error(Place.of(port.at()), "says nothing: needs one of " + String.join(", ", PORT_BLOCKS));
        }
        OutlierRules.check(port.outlierDetection(), report);
        ConnectionPoolRules.check(port.connectionPool(), report);
        LoadBalancerRules.check(port.loadBalancer(), port.outlierDetection() != null, report);
        ClientTlsRules.check(port.tls(), report);
    }

    private static void tunnel(TunnelSettings tunnel, Report report) {
        String protocol = tunnel.protocol();
        if (protocol != null && !protocol.isEmpty() && !protocol.equals("CONNECT") && !protocol.equals("POST")) {
            report.error(Place.of(tunnel.at(), "protocol"), Quote.of(protocol) + " must be \"CONNECT\" or \"POST\"");
        }
        String host = tunnel.targetHost();
        if (host != null && !DnsText.isFqdn(host) && !IpText.isAddress(host)) {
            report.error(
                    Place.of(tunnel.at(), "targetHost"), Quote.of(host) + " is neither a host name nor an IP address");
        }
        if (tunnel.targetPort() != null) {
            ValueRules.port(report, Place.of(tunnel.at(), "targetPort"), tunnel.targetPort());
        }
    }

    private static boolean hasOne(MapNode at, List<String> blocks) {
        return blocks.stream().anyMatch(at::has);
    }
}
