package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.LoadBalancerSettings.Distribute;
import dev.sluice.config.crd.LoadBalancerSettings.Failover;
import dev.sluice.config.crd.LoadBalancerSettings.LocalityLbSetting;
import dev.sluice.config.crd.LoadBalancerSettings.ZoneAwareLbSetting;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Balancing by region, zone and subzone (spec §11.2). */
final class LocalityRules {
    private static final Set<String> TOPOLOGY = Set.of(KubeLocality.REGION, KubeLocality.ZONE, KubeLocality.SUBZONE);

    private LocalityRules() {}

    static void locality(@Nullable LocalityLbSetting setting, boolean outlier, Report report) {
        if (setting == null) {
            return;
        }
        MapNode at = setting.at();
        if (!setting.distribute().isEmpty() && !setting.failover().isEmpty()) {
            report.error(Place.of(at).key("failover"), "distribute and failover exclude one another");
        }
        if (!setting.distribute().isEmpty() && !setting.failoverPriority().isEmpty()) {
            report.warning(
                    Codes.NO_EFFECT,
                    Place.of(at).key("failoverPriority"),
                    "has no effect: distribute gives shares, without regard to nearness");
        }
        if (!setting.failover().isEmpty()) {
            topology(at, setting.failoverPriority(), "beside failover, which already goes by it", report);
        }
        LocalitySet sources = new LocalitySet(report);
        for (Distribute distribute : setting.distribute()) {
            sources.add(distribute.from() == null ? "" : distribute.from(), Place.of(distribute.at(), "from"));
            weights(distribute, report);
        }
        needsOutlier(at, setting.failover(), setting.failoverPriority(), outlier, report);
        setting.failover().forEach(failover -> failover(failover, report));
    }

    static void zoneAware(@Nullable ZoneAwareLbSetting setting, boolean outlier, Report report) {
        if (setting == null) {
            return;
        }
        topology(setting.at(), setting.failoverPriority(), "here, for zones are already gone by", report);
        needsOutlier(setting.at(), setting.failover(), setting.failoverPriority(), outlier, report);
        setting.failover().forEach(failover -> failover(failover, report));
    }

    private static void topology(MapNode at, List<String> priority, String why, Report report) {
        for (int i = 0; i < priority.size(); i++) {
            if (TOPOLOGY.contains(priority.get(i))) {
                report.error(
                        Place.of(at, "failoverPriority").item(i), Quote.of(priority.get(i)) + " must not stand " + why);
            }
        }
    }

    private static void needsOutlier(
            MapNode at, List<Failover> failover, List<String> priority, boolean outlier, Report report) {
        if (!outlier && (!failover.isEmpty() || !priority.isEmpty())) {
            report.warning(
                    Place.of(at).key(failover.isEmpty() ? "failoverPriority" : "failover"),
                    "needs outlierDetection in the same policy: without it no endpoint is ever down");
        }
    }

    private static void weights(Distribute distribute, Report report) {
        LocalitySet targets = new LocalitySet(report);
        Place to = Place.of(distribute.at(), "to");
        long sum = 0;
        // One that is no number at all has been told already, and is not among these.
        boolean inRange = !(distribute.at().get("to") instanceof MapNode map)
                || map.size() == distribute.to().size();
        for (Map.Entry<String, Long> entry : distribute.to().entrySet()) {
            targets.add(entry.getKey(), to.key(entry.getKey()));
            long weight = entry.getValue();
            if (weight < 1 || weight > 100) {
                report.error(to.field(entry.getKey()), "must be a weight between 1 and 100, not " + weight);
                inRange = false;
            }
            sum += weight;
        }
        if (inRange && sum != 100) {
            report.error(to, "the weights must sum to 100, not " + sum);
        }
    }

    private static void failover(Failover failover, Report report) {
        String from = failover.from() == null ? "" : failover.from();
        String to = failover.to() == null ? "" : failover.to();
        if (from.equals(to)) {
            report.error(Place.of(failover.at(), "to"), "must be another region than from, " + Quote.of(from));
        }
        region(failover, "from", from, report);
        region(failover, "to", to, report);
    }

    private static void region(Failover failover, String field, String region, Report report) {
        if (region.indexOf('/') >= 0) {
            report.error(Place.of(failover.at(), field), Quote.of(region) + " must be a region, without a zone");
        }
        if (region.indexOf('*') >= 0) {
            report.error(Place.of(failover.at(), field), Quote.of(region) + " must be one region, without a wildcard");
        }
    }
}
