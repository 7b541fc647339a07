package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.ExportToRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.HeaderText;
import dev.sluice.config.validate.text.IpText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** VirtualService, its hosts and gateways (spec §11.1). */
public final class VirtualServiceRules {
    private static final String GENERATED_SNI = "outbound_.";

    private VirtualServiceRules() {}

    /** Adds what is wrong with {@code service}. */
    public static void check(VirtualService service, Report report) {
        MapNode at = service.at();
        boolean delegate = isDelegate(service);
        if (delegate) {
            delegate(service, report);
        }
        ValueRules.gateways(report, at, service.gateways());
        if (!gatewaysOnly(service)) {
            claims(service, report);
        }
        hosts(service, report);
        if (ValueRules.none(at, "http") && ValueRules.none(at, "tls") && ValueRules.none(at, "tcp")) {
            report.error(Place.of(at), "needs at least one rule under http, tls or tcp");
        }
        for (HttpRoute route : service.http()) {
            HttpRouteRules.check(route, delegate, report);
        }
        for (TlsRoute route : service.tls()) {
            StreamRouteRules.tls(route, service, report);
        }
        service.tcp().forEach(route -> StreamRouteRules.tcp(route, report));
        ExportToRules.check(report, at, service.exportTo(), false);
        ReachabilityRules.check(service, report);
        EffectRules.check(service, report);
    }

    /** Whether it is bound to gateways and not to the mesh. */
    public static boolean gatewaysOnly(VirtualService service) {
        return !service.gateways().isEmpty() && !service.gateways().contains(HostNames.MESH);
    }

    /** Whether it has no hosts of its own: others hand rules on to it. */
    public static boolean isDelegate(VirtualService service) {
        return ValueRules.none(service.at(), "hosts");
    }

    private static void delegate(VirtualService service, Report report) {
        for (String field : List.of("gateways", "tls", "tcp")) {
            if (!ValueRules.none(service.at(), field)) {
                report.error(
                        Place.of(service.at()).key(field),
                        "a VirtualService without hosts is a delegate, which takes only http; give it hosts or remove"
                                + " this");
            }
        }
    }

    private static void claims(VirtualService service, Report report) {
        for (HttpRoute route : service.http()) {
            for (HttpMatchRequest match : route.match()) {
                claims(match.at(), "headers", match.headers(), report);
                claims(match.at(), "withoutHeaders", match.withoutHeaders(), report);
            }
        }
    }

    private static void claims(MapNode at, String field, Map<String, StringMatch> headers, Report report) {
        for (String name : headers.keySet()) {
            if (HeaderText.isClaim(name)) {
                report.error(
                        Place.of(at, field).key(name),
                        "routing by a claim of a JWT works at gateways only; bind the VirtualService to gateways and"
                                + " not to the mesh");
            }
        }
    }

    private static void hosts(VirtualService service, Report report) {
        boolean gateways = gatewaysOnly(service);
        boolean sni = gateways && usesSni(service);
        boolean valid = true;
        for (int i = 0; i < service.hosts().size(); i++) {
            String host = service.hosts().get(i);
            String problem = hostProblem(host, gateways, sni);
            if (problem != null) {
                report.error(Place.of(service.at(), "hosts").item(i), problem);
                valid = false;
            }
        }
        if (valid) {
            distinct(service, report);
        }
    }

    private static @Nullable String hostProblem(String host, boolean gateways, boolean sni) {
        if (host.equals("*")) {
            return gateways ? null : "\"*\" is for gateways: in the mesh it would take all traffic; name the hosts";
        }
        if (sni && isGeneratedSni(host)) {
            return null;
        }
        String problem = DnsText.wildcardDomainProblem(host);
        return problem == null || IpText.isAddress(host) ? null : problem;
    }

    /** {@code outbound_.80_._.reviews.default.svc…}: the SNI that sidecars send to a gateway in AUTO_PASSTHROUGH. */
    static boolean isGeneratedSni(String host) {
        return host.startsWith(GENERATED_SNI)
                && host.length() > GENERATED_SNI.length()
                && host.charAt(GENERATED_SNI.length()) >= '0'
                && host.charAt(GENERATED_SNI.length()) <= '9';
    }

    private static boolean usesSni(VirtualService service) {
        return service.tls().stream().anyMatch(route -> route.match().stream()
                .anyMatch(match -> !match.sniHosts().isEmpty()));
    }

    private static void distinct(VirtualService service, Report report) {
        HostIndex<Integer> earlier = new HostIndex<>();
        for (int i = 0; i < service.hosts().size(); i++) {
            String host = service.hosts().get(i);
            String other = earlier.firstMatching(host);
            if (other == null) {
                earlier.add(host, i);
            } else {
                report.error(
                        Place.of(service.at(), "hosts").item(i),
                        other.equals(host)
                                ? Quote.of(host) + " is there twice"
                                : Quote.of(host) + " and " + Quote.of(other) + " overlap; leave only the wider one, or"
                                        + " make two VirtualServices");
            }
        }
    }
}
