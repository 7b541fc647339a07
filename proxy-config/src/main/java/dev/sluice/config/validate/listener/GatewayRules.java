package dev.sluice.config.validate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;
import dev.sluice.config.crd.Gateway.ServerPort;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.BindRules;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.HostRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.PortProtocol;
import dev.sluice.config.validate.text.UnixText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gateway and its servers (spec §11.3). */
public final class GatewayRules {
    private GatewayRules() {}

    /** Adds what is wrong with {@code gateway}. */
    public static void check(Gateway gateway, Report report) {
        String name = gateway.metadata().name();
        if (!DnsText.isLabel(name)) {
            report.error(
                    Place.of(gateway.metadata().at(), "name"),
                    Quote.of(name) + ": a Gateway's name must be letters, digits and inner hyphens, at most 63");
        }
        if (ValueRules.none(gateway.at(), "servers")) {
            report.error(Place.of(gateway.at(), "servers"), "needs at least one server");
        }
        Set<String> portNames = new HashSet<>();
        for (Server server : gateway.servers()) {
            server(server, report);
            portName(server.port(), portNames, report);
            if (server.defaultEndpoint() != null) {
                report.warning(
                        Codes.NO_EFFECT,
                        Place.of(server.at()).key("defaultEndpoint"),
                        "has no effect: Istio does not implement it, and routes come from VirtualServices");
            }
        }
    }

    private static void portName(@Nullable ServerPort port, Set<String> names, Report report) {
        if (port != null && port.name() != null && !names.add(port.name())) {
            report.error(
                    Place.of(port.at(), "name"),
                    "there is already a port " + Quote.of(port.name()) + " in this Gateway");
        }
    }

    private static void server(Server server, Report report) {
        if (server.at().has("hosts") && ValueRules.none(server.at(), "hosts")) {
            report.error(Place.of(server.at(), "hosts"), "needs at least one host");
        }
        HostRules.servers(report, server.at(), server.hosts());
        ServerPort port = server.port();
        PortProtocol protocol = port == null ? null : port(port, server.bind(), report);
        bind(server, report);
        ServerTlsSettings tls = server.tls();
        ServerTlsRules.check(tls, true, report);
        if (protocol != null) {
            tlsForProtocol(server, protocol, tls, report);
        }
    }

    /** The protocol, where there is a known one. */
    private static @Nullable PortProtocol port(ServerPort port, @Nullable String bind, Report report) {
        MapNode at = port.at();
        if (port.name() != null && port.name().isEmpty()) {
            report.error(Place.of(at, "name"), "must not be empty");
        }
        if (port.targetPort() != null && port.targetPort() > 0) {
            report.error(Place.of(at).key("targetPort"), "has no meaning in a Gateway; remove it");
        }
        boolean socket = bind != null && UnixText.isUnix(bind);
        if (port.number() != null && (port.number() > 0 || !socket)) {
            ValueRules.port(report, Place.of(at, "number"), port.number());
        }
        String name = port.protocol();
        PortProtocol protocol = name == null ? null : PortProtocol.of(name);
        if (name != null && protocol == null) {
            report.error(Place.of(at, "protocol"), Quote.of(name) + " must be one of " + PortProtocol.NAMES);
        }
        return protocol;
    }

    private static void bind(Server server, Report report) {
        String bind = server.bind();
        if (bind == null || bind.isEmpty()) {
            return;
        }
        BindRules.check(report, Place.of(server.at(), "bind"), bind, true);
        ServerPort port = server.port();
        if (UnixText.isUnix(bind) && port != null && port.number() != null && port.number() != 0) {
            report.error(Place.of(port.at(), "number"), "must be 0 for a server on a Unix socket");
        }
    }

    private static void tlsForProtocol(
            Server server, PortProtocol protocol, @Nullable ServerTlsSettings tls, Report report) {
        if (tls == null) {
            if (protocol.isTls() && !server.at().has("tls")) {
                report.error(Place.of(server.at()), "a server of protocol " + protocol.label() + " needs tls");
            }
            return;
        }
        if (protocol.isHttp() && !(isPassthrough(tls) && !hasFiles(tls.at()))) {
            report.error(
                    Place.of(server.at()).key("tls"),
                    "has no place on a port of protocol " + protocol.label()
                            + ", but for httpsRedirect; the protocol for HTTP over TLS is HTTPS");
        } else if (!protocol.isHttp() && !protocol.isTls()) {
            report.error(
                    Place.of(server.at()).key("tls"),
                    "has no place on a port of protocol " + protocol.label() + "; use HTTPS or TLS");
        }
        if (!protocol.isHttp() && Boolean.TRUE.equals(tls.httpsRedirect())) {
            report.warning(Place.of(tls.at()).key("httpsRedirect"), "is for servers of protocol HTTP");
        }
    }

    private static boolean isPassthrough(ServerTlsSettings tls) {
        return tls.mode() == null || tls.mode() == Mode.PASSTHROUGH || tls.mode() == Mode.AUTO_PASSTHROUGH;
    }

    private static boolean hasFiles(MapNode at) {
        return List.of("caCertificates", "privateKey", "serverCertificate").stream()
                .anyMatch(field -> ValueRules.isSet(at, field));
    }
}
