package dev.sluice.config.validate.listener;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.CaptureMode;
import dev.sluice.config.crd.Sidecar.IstioEgressListener;
import dev.sluice.config.crd.Sidecar.OutboundTrafficPolicy;
import dev.sluice.config.crd.Sidecar.SidecarPort;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.BindRules;
import dev.sluice.config.validate.rule.ConnectionPoolRules;
import dev.sluice.config.validate.rule.HostRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.TargetRules;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.UnixText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sidecar, its egress and policy (spec §11.5). */
public final class SidecarRules {
    private final Report report;
    private final Set<Long> ports = new HashSet<>();
    private final Set<String> sockets = new HashSet<>();

    private SidecarRules(Report report) {
        this.report = report;
    }

    /** Adds what is wrong with {@code sidecar}. */
    public static void check(Sidecar sidecar, Report report) {
        MapNode at = sidecar.at();
        if (sidecar.workloadSelector() != null) {
            ValueRules.selector(
                    report,
                    sidecar.workloadSelector().at(),
                    "labels",
                    sidecar.workloadSelector().labels());
        }
        if (ValueRules.none(at, "ingress")
                && ValueRules.none(at, "egress")
                && !at.has("outboundTrafficPolicy")
                && !at.has("inboundConnectionPool")) {
            report.error(
                    Place.of(at),
                    "says nothing: needs ingress, egress, outboundTrafficPolicy or inboundConnectionPool");
        }
        IngressRules.check(sidecar.ingress(), report);
        ConnectionPoolRules.check(sidecar.inboundConnectionPool(), report);
        new SidecarRules(report).egress(sidecar.egress());
        if (sidecar.outboundTrafficPolicy() != null) {
            outbound(sidecar.outboundTrafficPolicy(), report);
        }
    }

    /** A port's name, if it has one, and its protocol. */
    static void port(SidecarPort port, Report report) {
        String name = port.name();
        if (name != null && !name.isEmpty()) {
            ValueRules.label(report, Place.of(port.at(), "name"), name);
        }
        ValueRules.protocol(report, port.at(), port.protocol());
        if (port.targetPort() != null && port.targetPort() > 0) {
            report.error(Place.of(port.at()).key("targetPort"), "has no meaning in a Sidecar; remove it");
        }
    }

    private void egress(List<IstioEgressListener> listeners) {
        for (int i = 0; i < listeners.size(); i++) {
            IstioEgressListener listener = listeners.get(i);
            if (listener.port() != null) {
                listener(listener, listener.port());
            } else if (!listener.at().has("port") && i < listeners.size() - 1) {
                report.error(
                        Place.of(listener.at()),
                        "a listener without a port takes every port, and must be the last one");
            }
            if (listener.at().has("hosts") && ValueRules.none(listener.at(), "hosts")) {
                report.error(Place.of(listener.at(), "hosts"), "needs at least one host, such as \"*/*\"");
            }
            HostRules.egress(report, listener.at(), listener.hosts());
        }
    }

    private void listener(IstioEgressListener listener, SidecarPort port) {
        port(port, report);
        String bind = listener.bind() == null ? "" : listener.bind();
        long number = port.number() == null ? 0 : port.number();
        if (number == 0) {
            socket(listener, port, bind);
            return;
        }
        ValueRules.port(report, Place.of(port.at(), "number"), number);
        if (!bind.isEmpty()) {
            BindRules.check(report, Place.of(listener.at(), "bind"), bind, false);
        }
        if (!ports.add(number)) {
            report.error(Place.of(port.at(), "number"), "there is already an egress listener for port " + number);
        }
    }

    private void socket(IstioEgressListener listener, SidecarPort port, String bind) {
        if (!UnixText.isUnix(bind)) {
            report.error(Place.of(port.at(), "number"), "must be a port, or 0 with a Unix socket under bind");
        } else {
            BindRules.check(report, Place.of(listener.at(), "bind"), bind, true);
            if (!sockets.add(bind)) {
                report.error(
                        Place.of(listener.at(), "bind"), "there is already an egress listener on " + Quote.of(bind));
            }
        }
        if (listener.captureMode() == CaptureMode.IPTABLES) {
            report.error(Place.of(listener.at(), "captureMode"), "must be NONE or DEFAULT for a Unix socket");
        }
    }

    private static void outbound(OutboundTrafficPolicy policy, Report report) {
        Destination proxy = policy.egressProxy();
        if (proxy == null) {
            return;
        }
        if (policy.mode() != OutboundTrafficPolicy.Mode.ALLOW_ANY) {
            report.error(Place.of(policy.at()).key("egressProxy"), "needs mode: ALLOW_ANY");
            return;
        }
        String host = proxy.host();
        String problem = host == null ? null : DnsText.fqdnProblem(host);
        if (host != null && problem != null) {
            report.error(Place.of(proxy.at(), "host"), problem);
        }
        if (!proxy.at().has("port")) {
            report.error(Place.of(proxy.at()), "needs a port");
        }
        destination(proxy, problem, report);
    }

    /** The host has been held to more than a route's already. */
    private static void destination(Destination proxy, @Nullable String problem, Report report) {
        if (problem == null) {
            TargetRules.check(proxy, report);
        }
    }
}
