package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.tcp.TcpRoute;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes of TLS by the server name that the client asks for: an exact name before the longest wildcard. Immutable.
 *
 * @param routes by lower-case name, exact or {@code *.suffix}
 */
public record ServerNames(Map<String, TcpRoute> routes) {
    /** No name is anybody's. */
    public static final ServerNames NONE = new ServerNames(Map.of());

    public ServerNames {
        routes = Map.copyOf(routes);
    }

    /** Whether no name is anybody's, so that names need not be read. */
    public boolean isEmpty() {
        return routes.isEmpty();
    }

    /** @param name lower-case; null for a client that names no server */
    public @Nullable TcpRoute find(@Nullable String name) {
        if (name == null) {
            return null;
        }
        TcpRoute exact = routes.get(name);
        if (exact != null) {
            return exact;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            TcpRoute wild = routes.get("*" + name.substring(dot));
            if (wild != null) {
                return wild;
            }
        }
        return null;
    }
}
