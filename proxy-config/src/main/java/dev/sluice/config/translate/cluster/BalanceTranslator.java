package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.LoadBalancerSettings.ConsistentHash;
import dev.sluice.config.crd.LoadBalancerSettings.SimpleLb;
import dev.sluice.config.crd.LoadBalancerSettings.Warmup;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.BalancePlan.WarmupPlan;
import dev.sluice.config.translate.registry.Nearness;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a cluster picks an endpoint (spec §2.3). */
final class BalanceTranslator {
    private static final int DEFAULT_RING_SIZE = 1024;
    private static final int MAX_RING_SIZE = 8_388_608;
    private static final int DEFAULT_TABLE_SIZE = 65_537;
    private static final double DEFAULT_WARMUP_PERCENT = 10;
    private static final double DEFAULT_AGGRESSION = 1;

    private final LocalityTranslator locality;

    BalanceTranslator(LocalityTranslator locality) {
        this.locality = locality;
    }

    /** @param nearness which endpoints the service itself wants to be used */
    BalancePlan balance(LayeredPolicy policy, Nearness nearness) {
        LoadBalancerSettings settings = policy.loadBalancer();
        ConsistentHash hash = settings == null ? null : settings.consistentHash();
        Algorithm algorithm = hash == null ? simple(settings == null ? null : settings.simple()) : hashed(hash);
        return new BalancePlan(
                algorithm,
                hash == null ? DEFAULT_RING_SIZE : ringSize(hash),
                hash == null ? DEFAULT_TABLE_SIZE : tableSize(hash),
                locality.locality(policy, nearness),
                warmup(settings, algorithm));
    }

    private static Algorithm simple(@Nullable SimpleLb simple) {
        return switch (simple == null ? SimpleLb.UNSPECIFIED : simple) {
            case UNSPECIFIED, LEAST_CONN, LEAST_REQUEST -> Algorithm.LEAST_REQUEST;
            case RANDOM -> Algorithm.RANDOM;
            case ROUND_ROBIN -> Algorithm.ROUND_ROBIN;
            case PASSTHROUGH -> Algorithm.PASSTHROUGH;
        };
    }

    private static Algorithm hashed(ConsistentHash hash) {
        return hash.maglev() == null ? Algorithm.RING_HASH : Algorithm.MAGLEV;
    }

    private static int ringSize(ConsistentHash hash) {
        Long size = hash.ringHash() == null ? null : hash.ringHash().minimumRingSize();
        if (size == null || size == 0) {
            size = hash.minimumRingSize();
        }
        return size == null || size == 0 ? DEFAULT_RING_SIZE : (int) Math.min(size, MAX_RING_SIZE);
    }

    private static int tableSize(ConsistentHash hash) {
        Long size = hash.maglev() == null ? null : hash.maglev().tableSize();
        return size == null || size == 0 ? DEFAULT_TABLE_SIZE : size.intValue();
    }

    private static @Nullable WarmupPlan warmup(@Nullable LoadBalancerSettings settings, Algorithm algorithm) {
        boolean applies = algorithm == Algorithm.ROUND_ROBIN || algorithm == Algorithm.LEAST_REQUEST;
        if (settings == null || !applies) {
            return null;
        }
        Warmup warmup = settings.warmup();
        Duration window = warmup == null ? settings.warmupDurationSecs() : warmup.duration();
        if (window == null || window.isZero()) {
            return null;
        }
        Double percent = warmup == null ? null : warmup.minimumPercent();
        Double aggression = warmup == null ? null : warmup.aggression();
        return new WarmupPlan(
                window,
                percent == null ? DEFAULT_WARMUP_PERCENT : percent,
                aggression == null || aggression == 0 ? DEFAULT_AGGRESSION : aggression);
    }
}
