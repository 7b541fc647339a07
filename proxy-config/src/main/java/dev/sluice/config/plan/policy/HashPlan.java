package dev.sluice.config.plan.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the key of a consistent hash comes from; several are combined as spec/istio-fields.md §12.5 says.
 *
 * @param keys in order; empty when the destination is not hashed
 */
public record HashPlan(List<Key> keys) {
    /** Not hashed. */
    public static final HashPlan NONE = new HashPlan(List.of());

    public HashPlan {
        keys = List.copyOf(keys);
    }

    /** One source of a key. */
    public sealed interface Key {
        /** A request header, lower-case. */
        record Header(String name) implements Key {}

        /**
         * A cookie.
         *
         * @param name its name
         * @param path of a generated cookie; null when unset
         * @param ttl lifetime of a generated cookie, zero for a session cookie; null means none is generated
         * @param attributes further attributes of a generated cookie, {@code name} or {@code name=value}
         */
        record Cookie(String name, @Nullable String path, @Nullable Duration ttl, List<String> attributes)
                implements Key {
            public Cookie {
                attributes = List.copyOf(attributes);
            }
        }

        /** The client's address. */
        record SourceIp() implements Key {}

        /** The first value of a query parameter. */
        record QueryParameter(String name) implements Key {}
    }
}
