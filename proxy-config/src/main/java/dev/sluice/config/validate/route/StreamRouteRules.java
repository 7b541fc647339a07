package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.TcpRoute.L4MatchAttributes;
import dev.sluice.config.crd.TcpRoute.RouteDestination;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.TlsRoute.TlsMatchAttributes;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.TargetRules;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.IpText;
import java.util.List;

/** Rules of {@code tls} and {@code tcp} (spec §11.1). */
final class StreamRouteRules {
    private StreamRouteRules() {}

    static void tls(TlsRoute route, VirtualService service, Report report) {
        if (route.at().has("match") && ValueRules.none(route.at(), "match")) {
            report.error(Place.of(route.at(), "match"), "needs at least one match with sniHosts");
        }
        for (TlsMatchAttributes match : route.match()) {
            MapNode at = match.at();
            if (at.has("sniHosts") && ValueRules.none(at, "sniHosts")) {
                report.error(Place.of(at, "sniHosts"), "needs at least one host");
            }
            for (int i = 0; i < match.sniHosts().size(); i++) {
                sni(match.sniHosts().get(i), Place.of(at, "sniHosts").item(i), service, report);
            }
            subnets(at, match.destinationSubnets(), report);
            ValueRules.optionalPort(report, Place.of(at, "port"), match.port());
            ValueRules.labels(report, at, "sourceLabels", match.sourceLabels());
            ValueRules.gateways(report, at, match.gateways());
        }
        destinations(route.at(), route.route(), report);
    }

    static void tcp(TcpRoute route, Report report) {
        for (L4MatchAttributes match : route.match()) {
            MapNode at = match.at();
            subnets(at, match.destinationSubnets(), report);
            ValueRules.optionalPort(report, Place.of(at, "port"), match.port());
            ValueRules.labels(report, at, "sourceLabels", match.sourceLabels());
            ValueRules.gateways(report, at, match.gateways());
        }
        destinations(route.at(), route.route(), report);
    }

    private static void sni(String sni, Place place, VirtualService service, Report report) {
        boolean generated = VirtualServiceRules.gatewaysOnly(service) && VirtualServiceRules.isGeneratedSni(sni);
        String problem = generated ? null : DnsText.wildcardDomainProblem(sni);
        if (problem != null) {
            if (IpText.isAddress(sni)) {
                report.warning(place, "an IP address is no SNI (RFC 6066 section 3): most clients will not send it");
            } else {
                report.error(place, problem);
            }
            return;
        }
        if (VirtualServiceRules.isDelegate(service)) {
            return; // which tls has no place in at all: that is told
        }
        for (String host : service.hosts()) {
            if (HostNames.subsetOf(sni, host)) {
                return;
            }
        }
        report.error(
                place,
                Quote.of(sni) + " is not one of the VirtualService's hosts: "
                        + Quote.escaped(String.join(", ", service.hosts())));
    }

    private static void subnets(MapNode at, List<String> subnets, Report report) {
        for (int i = 0; i < subnets.size(); i++) {
            if (!IpText.isSubnet(subnets.get(i))) {
                report.error(
                        Place.of(at, "destinationSubnets").item(i),
                        Quote.of(subnets.get(i)) + " must be an IP address or a block such as 10.0.0.0/8");
            }
        }
    }

    private static void destinations(MapNode route, List<RouteDestination> destinations, Report report) {
        if (ValueRules.none(route, "route")) {
            report.error(Place.of(route), "needs a route with at least one destination");
        }
        long sum = 0;
        for (RouteDestination destination : destinations) {
            if (destination.destination() != null) {
                TargetRules.check(destination.destination(), report);
            }
            sum += TargetRules.weight(destination.at(), destination.weight(), report);
        }
        TargetRules.sum(route, destinations.size(), sum, report);
    }
}
