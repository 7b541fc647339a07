package dev.sluice.config.translate.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Addresses to listen on, as objects write them. */
final class Binds {
    private Binds() {}

    /**
     * The address of a {@code bind} and a port; null for a Unix domain socket.
     *
     * @param bind null, empty and the wildcards of either family mean every address: one of them beside another could
     *     not be bound
     */
    static @Nullable BindAddress address(@Nullable String bind, int port) {
        if (bind == null || bind.isEmpty() || bind.equals("0.0.0.0") || bind.equals("::")) {
            return new BindAddress(null, port);
        }
        return bind.startsWith("unix:") ? null : new BindAddress(bind.toLowerCase(Locale.ROOT), port);
    }
}
