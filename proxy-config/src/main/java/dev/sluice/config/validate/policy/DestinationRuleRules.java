package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.DestinationRule.Subset;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.ExportToRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.HashSet;
import java.util.Set;

/** DestinationRule, its host and subsets (spec §11.2). */
public final class DestinationRuleRules {
    private DestinationRuleRules() {}

    /** Adds what is wrong with {@code rule}. */
    public static void check(DestinationRule rule, Report report) {
        MapNode at = rule.at();
        if (rule.host() != null) {
            ValueRules.wildcardDomain(report, Place.of(at, "host"), rule.host());
        }
        TrafficPolicyRules.check(rule.trafficPolicy(), report);
        Set<String> names = new HashSet<>();
        for (Subset subset : rule.subsets()) {
            subset(subset, names, report);
        }
        ExportToRules.check(report, at, rule.exportTo(), false);
        if (rule.workloadSelector() != null) {
            ExportToRules.ownNamespaceOnly(report, at, rule.exportTo());
            ValueRules.selector(
                    report,
                    rule.workloadSelector().at(),
                    "matchLabels",
                    rule.workloadSelector().matchLabels());
        }
    }

    private static void subset(Subset subset, Set<String> names, Report report) {
        String name = subset.name();
        if (name != null) {
            ValueRules.label(report, Place.of(subset.at(), "name"), name);
            if (!names.add(name)) {
                report.error(Place.of(subset.at(), "name"), "there is already a subset " + Quote.of(name));
            }
        }
        ValueRules.labels(report, subset.at(), "labels", subset.labels());
        TrafficPolicyRules.check(subset.trafficPolicy(), report);
    }
}
