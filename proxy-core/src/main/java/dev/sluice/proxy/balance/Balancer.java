package dev.sluice.proxy.balance;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.balance.selector.EndpointSelector;
import dev.sluice.proxy.balance.selector.SelectorBuilder;
import dev.sluice.proxy.balance.selector.WarmUp;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.ClusterObserver;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import dev.sluice.proxy.cluster.Health;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The balancer of one cluster: keeps the selector of the current endpoints and makes a new one when they or the settings
 * changed. Hash tables are filled on a thread of their own; until one is there, the one before goes on without the
 * endpoints that left. Thread-safe.
 */
public final class Balancer implements ClusterObserver {
    /** How often another endpoint is asked for when the picked one was tried before (spec/istio-fields.md §12.3). */
    private static final int REPICKS = 5;

    /** The same for a table that is being replaced, of which many may have left. */
    private static final int OUTDATED_REPICKS = 50;

    private final Cluster cluster;
    private final Supplier<? extends RandomGenerator> random;
    private final LongSupplier clock;
    private final Executor tables;
    private final DialledEndpoints dialled;
    private final AtomicBoolean filling = new AtomicBoolean();
    private volatile @Nullable Built built;

    /**
     * A selector and what it was made for.
     *
     * @param warms some endpoint is warming up until {@code warmUntilNanos}
     */
    private record Built(
            EndpointSet set,
            BalancePlan balance,
            @Nullable OutlierPlan outlier,
            EndpointSelector selector,
            boolean warms,
            long warmUntilNanos) {
        @SuppressWarnings("ReferenceEquality") // a set's identity is its version, an equal plan is most often the same
        boolean isOf(EndpointSet now, ClusterPlan plan) {
            return set == now
                    && (balance == plan.balance() || balance.equals(plan.balance()))
                    && (outlier == plan.outlier() || Objects.equals(outlier, plan.outlier()));
        }
    }

    /** @param random one generator a thread, or one that threads may share */
    Balancer(Cluster cluster, Supplier<? extends RandomGenerator> random, LongSupplier clock, Executor tables) {
        this(cluster, random, clock, tables, address -> true);
    }

    private Balancer(
            Cluster cluster,
            Supplier<? extends RandomGenerator> random,
            LongSupplier clock,
            Executor tables,
            Predicate<InetSocketAddress> refused) {
        this.dialled = new DialledEndpoints(cluster, refused, clock);
        this.cluster = cluster;
        this.random = random;
        this.clock = clock;
        this.tables = tables;
    }

    /** Balances {@code cluster} from now on, and lets nobody dial an endpoint of it. */
    public static Balancer of(Cluster cluster) {
        return of(cluster, address -> true);
    }

    /**
     * Balances {@code cluster} from now on.
     *
     * @param refused addresses that must not be reached by dialling them
     */
    public static Balancer of(Cluster cluster, Predicate<InetSocketAddress> refused) {
        Balancer balancer =
                new Balancer(cluster, ThreadLocalRandom::current, System::nanoTime, TableThread.INSTANCE, refused);
        cluster.observe(balancer);
        return balancer;
    }

    /**
     * Picks an endpoint for a request without a key.
     *
     * @return null when no endpoint is usable
     */
    public @Nullable Endpoint pick(EarlierTries earlier) {
        Built current = current();
        return pick(current, current.selector.usesHash() ? random.get().nextLong() : 0, earlier);
    }

    /**
     * Picks the endpoint that a key belongs to; the same as {@link #pick(EarlierTries)} where the cluster does not hash.
     *
     * @param hash of the key
     * @return null when no endpoint is usable
     */
    public @Nullable Endpoint pick(long hash, EarlierTries earlier) {
        return pick(current(), hash, earlier);
    }

    /**
     * The member that a client dialled, on whichever port, where the cluster's members are each for itself; asked before
     * anything is picked. Its health is no matter: another one would not be the one that was meant.
     *
     * @param address null when nobody knows it
     * @return null when any member will do
     */
    public @Nullable Endpoint meant(@Nullable InetSocketAddress address) {
        if (address == null || cluster.plan().discovery() != Discovery.HEADLESS) {
            return null;
        }
        for (Endpoint member : cluster.endpoints().all()) {
            if (member.address() instanceof InetSocketAddress own
                    && own.getAddress().equals(address.getAddress())) {
                return member;
            }
        }
        return null;
    }

    /**
     * The endpoint that a client dialled, where the cluster is of those that have no others; asked for when nothing was
     * picked.
     *
     * @param address null when nobody knows it
     * @return null when there is none, or it must not be reached
     */
    public @Nullable Endpoint dialled(@Nullable InetSocketAddress address) {
        return dialled.find(address);
    }

    @SuppressWarnings("ReferenceEquality") // a set's identity is its version
    private @Nullable Endpoint pick(Built current, long hash, EarlierTries earlier) {
        EndpointSelector selector =
                earlier.elsewhere() ? current.selector.elsewhere(earlier.endpoints()) : current.selector;
        // Of a table that is being replaced only those count that are still there.
        boolean outdated = current.set != cluster.endpoints();
        int repicks = outdated ? OUTDATED_REPICKS : REPICKS;
        Endpoint last = null;
        for (int repick = 0; repick <= repicks; repick++) {
            Endpoint picked = selector.pick(hash, repick);
            if (picked == null) {
                break;
            }
            if (!outdated || (!picked.isGone() && picked.health().isUsable())) {
                last = picked;
                if (!earlier.ruleOut(picked)) {
                    break;
                }
            }
        }
        return last == null && outdated ? renew().selector.pick(hash, 0) : last;
    }

    private Built current() {
        Built now = built;
        if (now != null && isCurrent(now)) {
            return now;
        }
        if (now != null && now.selector.usesHash() && isHashed(cluster.plan())) {
            fillTables();
            return now;
        }
        return renew();
    }

    private boolean isCurrent(Built now) {
        return now.isOf(cluster.endpoints(), cluster.plan())
                && !(now.warms && clock.getAsLong() - now.warmUntilNanos >= 0);
    }

    private static boolean isHashed(ClusterPlan plan) {
        Algorithm algorithm = plan.balance().algorithm();
        return algorithm == Algorithm.RING_HASH || algorithm == Algorithm.MAGLEV;
    }

    /** Makes a selector here and now, unless another thread has just done so. */
    private synchronized Built renew() {
        Built now = built;
        if (now != null && isCurrent(now)) {
            return now;
        }
        EndpointSet set = cluster.endpoints();
        ClusterPlan plan = cluster.plan();
        List<Endpoint> members = set.all();
        WarmUp warmUp = WarmUp.of(plan.balance().warmup(), members, clock);
        Built next = new Built(
                set,
                plan.balance(),
                plan.outlier(),
                new SelectorBuilder(plan, warmUp, random).build(members),
                warmUp != null,
                warmUp == null ? 0 : clock.getAsLong() + warmUp.leftNanos(members));
        built = next;
        return next;
    }

    private void fillTables() {
        if (!filling.getAndSet(true)) {
            tables.execute(() -> {
                // Before it looks, so that a change from here on asks again.
                filling.set(false);
                renew();
            });
        }
    }

    private void changed() {
        if (isHashed(cluster.plan())) {
            fillTables();
        }
    }

    @Override
    public void settingsChanged(Cluster changed, ClusterPlan before) {
        changed();
    }

    @Override
    public void endpointsChanged(Cluster changed, List<Endpoint> joined, List<Endpoint> left) {
        changed();
    }

    @Override
    public void healthChanged(Cluster changed, Endpoint endpoint, Health before) {
        changed();
    }
}
