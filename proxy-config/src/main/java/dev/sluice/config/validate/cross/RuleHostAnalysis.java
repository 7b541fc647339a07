package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.Resolution;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.Endpoints;
import dev.sluice.config.validate.world.Service;
import dev.sluice.config.validate.world.World;

/** DestinationRules: of a service that there is (IST0174), with subsets that somebody is in (IST0173). */
final class RuleHostAnalysis {
    private RuleHostAnalysis() {}

    static void run(World world) {
        world.set().destinationRules().forEach(rule -> check(rule, world));
    }

    private static void check(DestinationRule rule, World world) {
        String namespace = rule.metadata().namespace();
        if (rule.host() == null || rule.host().isEmpty()) {
            return;
        }
        String host = HostNames.expand(rule.host(), namespace);
        if (!world.services().matches(host)) {
            world.report(rule)
                    .add(
                            Severity.WARNING,
                            Codes.UNKNOWN_RULE_HOST,
                            Place.of(rule.at(), "host"),
                            "there is no service " + Quote.of(host)
                                    + world.hosts().didYouMean(host, host));
            return;
        }
        if (HostNames.isWildcard(host)) {
            return;
        }
        Service service = world.services().visible(host, namespace, rule.exportTo());
        if (service != null) {
            subsets(rule, service, world);
        } else {
            world.report(rule)
                    .add(
                            Severity.WARNING,
                            Codes.UNKNOWN_RULE_HOST,
                            Place.of(rule.at(), "host"),
                            "service " + Quote.of(host) + " is not exported to namespace " + namespace);
        }
    }

    /** With these resolutions a client's own address is gone to, whatever the subset. */
    private static boolean hasEndpoints(ServiceEntry entry) {
        return entry.resolution() != null
                && entry.resolution() != Resolution.NONE
                && entry.resolution() != Resolution.DYNAMIC_DNS;
    }

    private static void subsets(DestinationRule rule, Service service, World world) {
        if (rule.subsets().isEmpty()) {
            return;
        }
        if (service.object() instanceof ServiceEntry entry && !hasEndpoints(entry)) {
            return;
        }
        Endpoints.Known known = world.endpoints().of(service);
        for (DestinationRule.Subset subset : rule.subsets()) {
            if (known.count(subset.labels()) == 0) {
                world.report(rule)
                        .add(
                                Severity.ERROR,
                                Codes.EMPTY_SUBSET,
                                Place.of(subset.at(), "labels"),
                                "no endpoint of " + Quote.of(service.host()) + " has the labels of subset "
                                        + Quote.of(String.valueOf(subset.name())));
            }
        }
    }
}
