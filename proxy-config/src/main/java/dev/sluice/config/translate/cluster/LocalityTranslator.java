package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.LoadBalancerSettings.Distribute;
import dev.sluice.config.crd.LoadBalancerSettings.Failover;
import dev.sluice.config.crd.LoadBalancerSettings.LocalityLbSetting;
import dev.sluice.config.crd.LoadBalancerSettings.ZoneAwareLbSetting;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.plan.policy.BalancePlan.DistributePlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Nearness;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Locality settings (spec §2.4): those of the DestinationRule, else what the service itself wants, else those of the mesh.
 * {@code distribute} works by itself; failover needs outlier detection, for without it no endpoint is ever known to be down,
 * and a proxy that knows its own place: it was told, or its workload's labels say it.
 */
final class LocalityTranslator {
    /** The place down to the node, from the widest. */
    private static final List<String> TO_THE_NODE =
            List.of(KubeLocality.REGION, KubeLocality.ZONE, KubeLocality.SUBZONE, KubeLocality.NODE);

    private final ProxyIdentity identity;
    private final String own;
    private final Mesh mesh;
    private final Notices notices;

    LocalityTranslator(ProxyIdentity identity, Mesh mesh, Notices notices) {
        this.identity = identity;
        String told = identity.locality();
        this.own = told.isEmpty() ? Objects.requireNonNullElse(KubeLocality.of(identity.labels()), "") : told;
        this.mesh = mesh;
        this.notices = notices;
    }

    /** Null where locality plays no part. */
    @Nullable
    LocalityPlan locality(LayeredPolicy policy, Nearness nearness) {
        LoadBalancerSettings settings = policy.loadBalancer();
        boolean failsOver = policy.outlierDetection() != null;
        if (settings != null && settings.zoneAwareLbSetting() != null) {
            return zoneAware(policy, settings.zoneAwareLbSetting(), failsOver);
        }
        LocalityLbSetting setting = settings == null ? null : settings.localityLbSetting();
        if (setting == null) {
            if (nearness == Nearness.ZONE || nearness == Nearness.NODE) {
                // Nobody needs to be known to be down: the near ones are preferred for as long as there are any.
                return plan(List.of(), List.of(), nearness == Nearness.NODE ? TO_THE_NODE : List.of(), true);
            }
            if (!mesh.localityEnabled()) {
                return null;
            }
            setting = mesh.locality();
        } else if (Boolean.FALSE.equals(setting.enabled())) {
            return null;
        }
        if (setting == null) {
            return plan(List.of(), List.of(), List.of(), failsOver);
        }
        return plan(setting.distribute(), setting.failover(), setting.failoverPriority(), failsOver);
    }

    private @Nullable LocalityPlan zoneAware(LayeredPolicy policy, ZoneAwareLbSetting setting, boolean failsOver) {
        DestinationRule owner = policy.owner();
        if (owner != null) {
            notices.notServed(
                    owner,
                    setting.at(),
                    null,
                    "zoneAwareLbSetting needs to know the other proxies; it is served as localityLbSetting with the same"
                            + " failover");
        }
        if (Boolean.FALSE.equals(setting.enabled())) {
            return null;
        }
        return plan(List.of(), setting.failover(), setting.failoverPriority(), failsOver);
    }

    private @Nullable LocalityPlan plan(
            List<Distribute> distribute, List<Failover> failover, List<String> priority, boolean failsOver) {
        List<DistributePlan> shares = new ArrayList<>();
        for (Distribute share : distribute) {
            if (share.from() != null) {
                Map<String, Integer> to = new LinkedHashMap<>();
                share.to().forEach((locality, weight) -> to.put(locality, weight.intValue()));
                shares.add(new DistributePlan(share.from(), to));
            }
        }
        boolean fallsBack = failsOver && (!own.isEmpty() || !priority.isEmpty());
        if (shares.isEmpty() && !fallsBack) {
            return null;
        }
        Map<String, String> regions = new LinkedHashMap<>();
        for (Failover entry : failover) {
            if (entry.from() != null && entry.to() != null) {
                regions.putIfAbsent(entry.from(), entry.to());
            }
        }
        // Distribute and failover exclude each other; where both stand, distribute holds.
        boolean byShares = !shares.isEmpty();
        return new LocalityPlan(
                own, shares, byShares ? Map.of() : regions, byShares ? List.of() : priority, identity.labels());
    }
}
