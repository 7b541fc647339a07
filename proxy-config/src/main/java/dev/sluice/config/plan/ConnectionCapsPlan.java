package dev.sluice.config.plan;

import java.util.Map;

/**
 * How many client connections may be open at once.
 *
 * @param total on all listeners together
 * @param listeners on single ones, by name: {@link ListenerPlan#name()}, or as Istio names its own, {@code 0.0.0.0_8080}
 */
public record ConnectionCapsPlan(int total, Map<String, Integer> listeners) {
    /** As many as there is room for. */
    public static final ConnectionCapsPlan NONE = new ConnectionCapsPlan(Integer.MAX_VALUE, Map.of());

    public ConnectionCapsPlan {
        listeners = Map.copyOf(listeners);
    }

    /** How many {@code listener} may have; {@link Integer#MAX_VALUE} where nobody says. */
    public int of(ListenerPlan listener) {
        if (listeners.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        Integer own = listeners.get(listener.name());
        ListenerPlan.BindAddress bind = listener.bind();
        Integer istios = listeners.get(
                (bind.host() == null ? "0.0.0.0" : bind.host()) + (bind.isUnix() ? "" : "_" + bind.port()));
        return own != null ? own : istios != null ? istios : Integer.MAX_VALUE;
    }
}
