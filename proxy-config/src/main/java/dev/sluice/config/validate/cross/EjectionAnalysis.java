package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.OutlierDetection;
import dev.sluice.config.crd.TrafficPolicy;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.Endpoints;
import dev.sluice.config.validate.world.Service;
import dev.sluice.config.validate.world.World;
import org.jspecify.annotations.Nullable;

/**
 * Outlier detection of so few endpoints that one of them is already more than may be ejected (SLC0103), where documents
 * say how many there are.
 */
final class EjectionAnalysis {
    private static final int DEFAULT_PERCENT = 10;

    private final World world;
    private final DestinationRule rule;

    private EjectionAnalysis(World world, DestinationRule rule) {
        this.world = world;
        this.rule = rule;
    }

    static void run(World world) {
        world.set().destinationRules().forEach(rule -> new EjectionAnalysis(world, rule).check());
    }

    private void check() {
        String namespace = rule.metadata().namespace();
        String host = rule.host() == null ? "" : HostNames.expand(rule.host(), namespace);
        Service service = host.isEmpty() || HostNames.isWildcard(host)
                ? null
                : world.services().visible(host, namespace, rule.exportTo());
        if (service == null || !has(rule)) {
            return;
        }
        Endpoints.Known known = world.endpoints().of(service);
        if (known.counted()) {
            check(rule.trafficPolicy(), known.labels().size(), "the service");
            for (DestinationRule.Subset subset : rule.subsets()) {
                check(subset.trafficPolicy(), known.count(subset.labels()), "the subset");
            }
        }
    }

    /** Whether there is any: the endpoints of a service take time to find. */
    private static boolean has(DestinationRule rule) {
        return has(rule.trafficPolicy()) || rule.subsets().stream().anyMatch(subset -> has(subset.trafficPolicy()));
    }

    private static boolean has(@Nullable TrafficPolicy policy) {
        return policy != null
                && (policy.outlierDetection() != null
                        || policy.portLevelSettings().stream().anyMatch(port -> port.outlierDetection() != null));
    }

    private void check(@Nullable TrafficPolicy policy, int endpoints, String whose) {
        if (policy != null && endpoints > 0) {
            check(policy.outlierDetection(), endpoints, whose);
            policy.portLevelSettings().forEach(port -> check(port.outlierDetection(), endpoints, whose));
        }
    }

    private void check(@Nullable OutlierDetection outlier, int endpoints, String whose) {
        if (outlier == null) {
            return;
        }
        Integer written = outlier.maxEjectionPercent();
        int percent = written == null || written == 0 ? DEFAULT_PERCENT : written;
        if (100.0 / endpoints <= percent || percent > 100) {
            return;
        }
        world.report(rule)
                .warning(
                        Codes.NEVER_EJECTS,
                        Place.of(outlier.at(), "maxEjectionPercent"),
                        "nobody is ever ejected: " + percent + " %" + (written == null ? ", the default," : "") + " of "
                                + (endpoints == 1 ? "the one endpoint" : "the " + endpoints + " endpoints") + " of "
                                + whose + " is less than one; " + whole(endpoints) + " would do");
    }

    /** The least percentage that is one endpoint. */
    private static int whole(int endpoints) {
        return (int) Math.ceil(100.0 / endpoints);
    }
}
