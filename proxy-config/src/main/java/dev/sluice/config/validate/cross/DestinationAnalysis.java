package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.world.RuleIndex;
import dev.sluice.config.validate.world.Service;
import dev.sluice.config.validate.world.ServiceIndex;
import dev.sluice.config.validate.world.World;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Destinations and mirrors of VirtualServices: the host must be a service that is seen from there, the subset one of its
 * DestinationRule's, the port one of its own (IST0101), and chosen where there are several (IST0112).
 */
final class DestinationAnalysis {
    private final World world;

    private DestinationAnalysis(World world) {
        this.world = world;
    }

    static void run(World world) {
        DestinationAnalysis analysis = new DestinationAnalysis(world);
        world.set().virtualServices().forEach(analysis::check);
    }

    private void check(VirtualService service) {
        for (HttpRoute route : service.http()) {
            route.route().forEach(target -> check(service, target.destination(), "host"));
            check(service, route.mirror(), "mirror host");
            route.mirrors().forEach(mirror -> check(service, mirror.destination(), "mirror host"));
        }
        for (TlsRoute route : service.tls()) {
            route.route().forEach(target -> check(service, target.destination(), "host"));
        }
        for (TcpRoute route : service.tcp()) {
            route.route().forEach(target -> check(service, target.destination(), "host"));
        }
    }

    private void check(VirtualService rule, @Nullable Destination destination, String what) {
        if (destination == null
                || destination.host() == null
                || destination.host().isEmpty()) {
            return;
        }
        String namespace = rule.metadata().namespace();
        String host = HostNames.expand(destination.host(), namespace);
        Report report = world.report(rule);
        Service service = world.services().visible(host, namespace, rule.exportTo());
        if (service == null) {
            report.add(
                    Severity.ERROR,
                    Codes.NOT_FOUND,
                    Place.of(destination.at(), "host"),
                    what + " " + Quote.of(destination.host()) + " not found"
                            + why(destination.host(), host, namespace));
        } else {
            port(destination, service, report);
        }
        if (destination.subset() != null && !destination.subset().isEmpty()) {
            subset(rule, destination, host, service, report);
        }
    }

    private String why(String written, String host, String namespace) {
        ServiceIndex services = world.services();
        if (services.exists(host)) {
            return ": it is not exported to namespace " + namespace;
        }
        String full = host + ".svc." + HostNames.CLUSTER_DOMAIN;
        if (services.exists(full)) {
            return ": a name with a dot is not expanded; write " + Quote.of(full);
        }
        return world.hosts().didYouMean(written, host);
    }

    private void port(Destination destination, Service service, Report report) {
        if (destination.port() == null) {
            if (service.ports().size() > 1) {
                report.add(
                        Severity.ERROR,
                        Codes.PORT_REQUIRED,
                        Place.of(destination.at(), "host"),
                        Quote.of(String.valueOf(destination.host())) + " has several ports, " + service.portNumbers()
                                + "; say which with port.number");
            }
            return;
        }
        Long number = destination.port().number();
        if (number != null && !service.hasPort(number)) {
            report.add(
                    Severity.ERROR,
                    Codes.NOT_FOUND,
                    Place.of(destination.port().at(), "number"),
                    "port " + number + " of " + Quote.of(String.valueOf(destination.host())) + " not found; it has "
                            + (service.ports().isEmpty() ? "no ports" : service.portNumbers()));
        }
    }

    private void subset(
            VirtualService rule, Destination destination, String host, @Nullable Service service, Report report) {
        String subset = String.valueOf(destination.subset());
        String namespace = rule.metadata().namespace();
        String home = service == null ? homeOf(host, namespace) : service.namespace();
        RuleIndex.Subsets subsets = world.rules().subsets(namespace, host, home);
        Set<String> names = subsets.names();
        // the proxy may be in a namespace of its own, such as a gateway's
        String own = world.identity().namespace();
        if (names.contains(subset)
                || world.rules().subsets(own, host, home).names().contains(subset)) {
            return;
        }
        String message =
                "subset " + Quote.of(subset) + " of " + Quote.of(String.valueOf(destination.host())) + " not found";
        if (!subsets.ruled()) {
            message += ": no DestinationRule for this host is seen from namespace " + namespace;
        } else {
            message += world.hints().didYouMean("subset:" + host, names, subset)
                    + (names.isEmpty() ? ": its DestinationRule has no subsets" : "")
                    + (world.hints().near("subset:" + host, names, subset) == null && !names.isEmpty()
                            ? "; there are " + Quote.escaped(String.join(", ", names))
                            : "");
        }
        report.add(Severity.ERROR, Codes.NOT_FOUND, Place.of(destination.at(), "subset"), message);
    }

    /** Of a host that nobody declared: the namespace in its name, if it has one. */
    private static String homeOf(String host, String namespace) {
        int dot = host.indexOf('.');
        int svc = host.indexOf(".svc.");
        return dot > 0 && svc > dot ? host.substring(dot + 1, svc) : namespace;
    }
}
