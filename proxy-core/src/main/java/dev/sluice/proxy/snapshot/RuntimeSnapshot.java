package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one configuration says, ready to run. Immutable.
 *
 * @param plan what it was assembled from
 * @param listeners by address
 */
public record RuntimeSnapshot(ProxyPlan plan, Map<BindAddress, ListenerRuntime> listeners) {
    /** Nothing configured. */
    public static final RuntimeSnapshot EMPTY = new RuntimeSnapshot(ProxyPlan.empty(), Map.of());

    public RuntimeSnapshot {
        listeners = Map.copyOf(listeners);
    }

    /** The listener at {@code address}; null when this configuration has none there. */
    public @Nullable ListenerRuntime listener(BindAddress address) {
        return listeners.get(address);
    }
}
