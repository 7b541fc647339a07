package dev.sluice.config.validate.cross;

import dev.sluice.config.validate.world.Scopes;
import java.util.Locale;

/**
 * A host of a Gateway's server, {@code host} or {@code namespace/host}.
 *
 * @param namespace of the VirtualServices that may take it; {@code *} for all
 * @param host lower-cased
 */
record GatewayHost(String namespace, String host) {
    static GatewayHost of(String written, String gatewayNamespace) {
        int slash = written.indexOf('/');
        String host = written.substring(slash + 1).toLowerCase(Locale.ROOT);
        String namespace = slash < 0 ? Scopes.EVERYWHERE : written.substring(0, slash);
        return new GatewayHost(namespace.equals(".") ? gatewayNamespace : namespace, host);
    }

    /** Whether VirtualServices of that namespace may take it. */
    boolean isFor(String other) {
        return namespace.equals(Scopes.EVERYWHERE) || namespace.equals(other);
    }

    /** Whether some namespace may take both. */
    boolean sharesNamespace(GatewayHost other) {
        return other.namespace.equals(Scopes.EVERYWHERE) || isFor(other.namespace);
    }
}
