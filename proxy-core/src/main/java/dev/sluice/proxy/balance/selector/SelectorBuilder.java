package dev.sluice.proxy.balance.selector;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.balance.selector.ByLocality.Weighted;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the selector of a cluster's endpoints as they are now, from the outside in: priority, panic, trial of those that
 * came back, locality, algorithm. A level that has nothing to decide is left out. Used once.
 */
public final class SelectorBuilder {
    private final boolean dialled;
    private final BalancePlan plan;
    private final @Nullable OutlierPlan outlier;
    private final @Nullable WarmUp warmUp;
    private final Supplier<? extends RandomGenerator> random;

    /** @param warmUp null when no endpoint is warming up */
    public SelectorBuilder(ClusterPlan plan, @Nullable WarmUp warmUp, Supplier<? extends RandomGenerator> random) {
        this.dialled = plan.discovery().isByRequest();
        this.plan = plan.balance();
        this.outlier = plan.outlier();
        this.warmUp = warmUp;
        this.random = random;
    }

    /** The selector of {@code members}. */
    public EndpointSelector build(List<Endpoint> members) {
        if (dialled || plan.algorithm() == Algorithm.PASSTHROUGH) {
            return PassThrough.INSTANCE;
        }
        List<Tier> tiers = Tier.of(members, plan.locality());
        PriorityLoad load = PriorityLoad.of(
                tiers.stream().mapToInt(Tier::total).toArray(),
                tiers.stream().mapToInt(Tier::healthy).toArray(),
                outlier == null ? PriorityLoad.DEFAULT_PANIC_PERCENT : outlier.minHealthPercent());
        EndpointSelector[] selectors = new EndpointSelector[tiers.size()];
        for (int i = 0; i < selectors.length; i++) {
            selectors[i] = tier(tiers.get(i).groups(), load.isPanic(i));
        }
        return selectors.length == 1 ? selectors[0] : new ByPriority(load, tiers, selectors, random);
    }

    private EndpointSelector tier(List<Tier.Group> groups, boolean panic) {
        List<List<Endpoint>> usable = new ArrayList<>();
        List<List<Endpoint>> settled = new ArrayList<>();
        List<Endpoint> onTrial = new ArrayList<>();
        for (Tier.Group group : groups) {
            List<Endpoint> members = panic ? group.members() : group.healthy();
            usable.add(members);
            settled.add(members.stream()
                    .filter(endpoint -> endpoint.health() != Health.HALF_OPEN)
                    .toList());
            members.stream()
                    .filter(endpoint -> endpoint.health() == Health.HALF_OPEN)
                    .forEach(onTrial::add);
        }
        boolean nobodySettled = settled.stream().allMatch(List::isEmpty);
        if (outlier == null || outlier.halfOpenPercent() == 0 || onTrial.isEmpty() || nobodySettled) {
            return localities(groups, usable, panic);
        }
        return new HalfOpen(
                localities(groups, settled, panic),
                among(onTrial),
                Math.min(100, outlier.halfOpenPercent() * onTrial.size()),
                random);
    }

    /** @param members of each group, those that may be picked */
    private EndpointSelector localities(List<Tier.Group> groups, List<List<Endpoint>> members, boolean panic) {
        if (plan.algorithm() == Algorithm.RING_HASH || plan.algorithm() == Algorithm.MAGLEV) {
            return table(Share.of(groups, members));
        }
        List<Endpoint> all = members.stream().flatMap(List::stream).toList();
        if (panic || groups.size() == 1) {
            return among(all);
        }
        List<Weighted> localities = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            Tier.Group group = groups.get(i);
            if (!members.get(i).isEmpty()) {
                double available =
                        (double) group.healthy().size() / group.members().size();
                double weight = group.weight() * Math.min(1, PriorityLoad.OVERPROVISIONING_PERCENT * available / 100);
                localities.add(new Weighted(weight, among(members.get(i))));
            }
        }
        return localities.size() == 1 ? localities.get(0).inside() : new ByLocality(localities, start(localities));
    }

    private EndpointSelector among(List<Endpoint> endpoints) {
        WarmUp warming = warmUp;
        boolean plain = warming == null
                && endpoints.stream().mapToInt(Endpoint::weight).distinct().count() <= 1;
        return switch (plan.algorithm()) {
            case ROUND_ROBIN ->
                plain
                        ? new RoundRobin(endpoints, start(endpoints))
                        : new Edf(endpoints, warmed(Endpoint::weight), start(endpoints));
            case LEAST_REQUEST ->
                plain
                        ? new LeastRequest(endpoints, random)
                        : new Edf(
                                endpoints,
                                warmed(endpoint -> (double) endpoint.weight() / (endpoint.active() + 1)),
                                start(endpoints));
            case RANDOM -> new RandomSelector(endpoints, random);
            case PASSTHROUGH -> PassThrough.INSTANCE;
            case RING_HASH, MAGLEV -> table(Share.of(endpoints));
        };
    }

    private EndpointSelector table(List<Share> shares) {
        return plan.algorithm() == Algorithm.MAGLEV
                ? new Maglev(shares, plan.maglevTableSize())
                : new RingHash(shares, plan.ringMinimumSize());
    }

    private ToDoubleFunction<Endpoint> warmed(ToDoubleFunction<Endpoint> weight) {
        WarmUp warming = warmUp;
        return warming == null ? weight : endpoint -> weight.applyAsDouble(endpoint) * warming.factor(endpoint);
    }

    private int start(List<?> entries) {
        return random.get().nextInt(Math.max(1, entries.size()));
    }
}
