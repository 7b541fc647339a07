package dev.sluice.config.validate.listener;

import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.crd.Sidecar.IstioIngressListener;
import dev.sluice.config.crd.Sidecar.SidecarPort;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.BindRules;
import dev.sluice.config.validate.rule.ConnectionPoolRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.PortProtocol;
import dev.sluice.config.validate.text.UnixText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Sidecar's ingress listeners (spec §11.5). */
final class IngressRules {
    private static final Set<String> LOCAL = Set.of("", "127.0.0.1", "0.0.0.0", "::1", "::");
    private static final List<String> NOT_HERE =
            List.of("subjectAltNames", "httpsRedirect", "credentialName", "credentialNames", "tlsCertificates");

    private IngressRules() {}

    static void check(List<IstioIngressListener> listeners, Report report) {
        Set<Long> numbers = new HashSet<>();
        for (IstioIngressListener listener : listeners) {
            SidecarPort port = listener.port();
            if (port != null) {
                SidecarRules.port(port, report);
                long number = port.number() == null ? 0 : port.number();
                ValueRules.port(report, Place.of(port.at(), "number"), number);
                if (!numbers.add(number)) {
                    report.error(
                            Place.of(port.at(), "number"), "there is already an ingress listener for port " + number);
                }
            }
            if (listener.bind() != null && !listener.bind().isEmpty()) {
                BindRules.check(report, Place.of(listener.at(), "bind"), listener.bind(), false);
            }
            endpoint(listener, report);
            PortProtocol protocol = port == null || port.protocol() == null ? null : PortProtocol.of(port.protocol());
            tls(listener.tls(), protocol, report);
            pool(listener, protocol, report);
        }
    }

    private static void endpoint(IstioIngressListener listener, Report report) {
        String endpoint = listener.defaultEndpoint();
        if (endpoint == null || endpoint.isEmpty()) {
            return;
        }
        Place place = Place.of(listener.at(), "defaultEndpoint");
        if (UnixText.isUnix(endpoint)) {
            BindRules.check(report, place, endpoint, true);
        } else if (!isLocal(endpoint)) {
            report.error(
                    place,
                    Quote.of(endpoint) + " must be 127.0.0.1:port, 0.0.0.0:port, [::1]:port, [::]:port, :port or a Unix"
                            + " socket");
        }
    }

    private static boolean isLocal(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 0) {
            return false;
        }
        String host = endpoint.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String address = bracketed ? host.substring(1, host.length() - 1) : host;
        return (bracketed || host.indexOf(':') < 0) && LOCAL.contains(address) && isPort(endpoint.substring(colon + 1));
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return false;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            number = number * 10 + (c - '0');
        }
        return ValueRules.isPort(number);
    }

    private static void tls(@Nullable ServerTlsSettings tls, @Nullable PortProtocol protocol, Report report) {
        if (tls == null) {
            return;
        }
        MapNode at = tls.at();
        for (String field : NOT_HERE) {
            boolean redirectOff = field.equals("httpsRedirect") && !Boolean.TRUE.equals(tls.httpsRedirect());
            if (ValueRules.isSet(at, field) && !redirectOff) {
                boolean certificate = !field.equals("httpsRedirect") && !field.equals("subjectAltNames");
                report.error(
                        Place.of(at).key(field),
                        "is not supported in a Sidecar; "
                                + (certificate ? "use serverCertificate and privateKey" : "remove it"));
            }
        }
        if (tls.mode() == Mode.ISTIO_MUTUAL || tls.mode() == Mode.AUTO_PASSTHROUGH) {
            report.error(Place.of(at, "mode"), tls.mode() + " is not supported in a Sidecar");
        }
        if (protocol == null || !protocol.isTls()) {
            report.error(Place.of(at), "TLS needs a port of protocol HTTPS or TLS");
        }
        ServerTlsRules.check(tls, false, report);
    }

    private static void pool(IstioIngressListener listener, @Nullable PortProtocol protocol, Report report) {
        ConnectionPoolRules.check(listener.connectionPool(), report);
        if (listener.connectionPool() != null
                && listener.connectionPool().http() != null
                && (protocol == null || !protocol.isHttp())) {
            report.warning(
                    Place.of(listener.connectionPool().at()).key("http"),
                    "is passed over: the port's protocol is not HTTP, so only tcp applies");
        }
    }
}
