package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.Destination.PortSelector;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.text.IpText;
import org.jspecify.annotations.Nullable;

/** Destinations of routes and mirrors, and their weights (spec §11.1). */
public final class TargetRules {
    private TargetRules() {}

    /** Tells what is wrong with {@code destination}. */
    public static void check(Destination destination, Report report) {
        MapNode at = destination.at();
        String host = destination.host();
        if (host != null && host.equals("*")) {
            report.error(Place.of(at, "host"), "must be one host, not \"*\"");
        } else if (host != null && IpText.isAddress(host)) {
            report.error(
                    Place.of(at, "host"),
                    Quote.of(host) + " is an IP address; name the host of a ServiceEntry that has it as an endpoint");
        } else if (host != null) {
            ValueRules.wildcardDomain(report, Place.of(at, "host"), host);
        }
        String subset = destination.subset();
        if (subset != null && !subset.isEmpty()) {
            ValueRules.label(report, Place.of(at, "subset"), subset);
        }
        PortSelector port = destination.port();
        if (port != null) {
            Long number = port.number();
            ValueRules.port(report, Place.of(port.at(), "number"), number == null ? 0 : number);
        }
    }

    /** The weight to add up. */
    public static int weight(MapNode part, @Nullable Integer weight, Report report) {
        ValueRules.notNegative(report, Place.of(part, "weight"), weight);
        return weight == null ? 0 : weight;
    }

    /** Of several destinations one must have a weight; a negative one has its own finding. */
    public static void sum(MapNode route, int destinations, long sum, Report report) {
        if (destinations > 1 && sum == 0) {
            report.error(Place.of(route, "route"), "the weights of several destinations must not sum to 0");
        }
    }
}
