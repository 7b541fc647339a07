package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each endpoint that has just come back from an ejection its percentage of the requests, and the others the rest,
 * until it has answered ({@code sluice.dev/half-open}). Hashes count for nothing in that draw: a key must not wait for its
 * endpoint to be trusted again.
 */
final class HalfOpen implements EndpointSelector {
    private final EndpointSelector settled;
    private final EndpointSelector onTrial;
    private final int trialPercent;
    private final Supplier<? extends RandomGenerator> random;

    /**
     * @param settled picks among those in good health
     * @param onTrial picks among those that came back
     * @param trialPercent share of all of {@code onTrial} together
     */
    HalfOpen(
            EndpointSelector settled,
            EndpointSelector onTrial,
            int trialPercent,
            Supplier<? extends RandomGenerator> random) {
        this.settled = settled;
        this.onTrial = onTrial;
        this.trialPercent = trialPercent;
        this.random = random;
    }

    @Override
    public boolean usesHash() {
        return settled.usesHash() || onTrial.usesHash();
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        return random.get().nextInt(100) < trialPercent ? onTrial.pick(hash, repick) : settled.pick(hash, repick);
    }
}
