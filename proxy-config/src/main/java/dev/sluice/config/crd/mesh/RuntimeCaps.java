package dev.sluice.config.crd.mesh;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code defaultConfig.runtimeValues} says of client connections, by Envoy's runtime keys, which is how Istio's users cap
 * them: Istio has no field for it. Other keys are Envoy's own affair. Pure.
 */
public final class RuntimeCaps {
    /** On all listeners together. */
    public static final String TOTAL = "overload.global_downstream_max_connections";

    private static final String LISTENER = "envoy.resource_limits.listener.";
    private static final String LIMIT = ".connection_limit";

    private RuntimeCaps() {}

    /** The listener that {@code key} caps; null where it is another kind of key. */
    public static @Nullable String listener(String key) {
        return key.startsWith(LISTENER) && key.endsWith(LIMIT) && key.length() > LISTENER.length() + LIMIT.length()
                ? key.substring(LISTENER.length(), key.length() - LIMIT.length())
                : null;
    }

    /** Whether {@code key} caps connections. */
    public static boolean isOne(String key) {
        return key.equals(TOTAL) || listener(key) != null;
    }

    /** The total; null where it is not set, or to what is no number. */
    public static @Nullable Integer total(Map<String, String> values) {
        return number(values.get(TOTAL));
    }

    /** Caps of single listeners by name. */
    public static Map<String, Integer> listeners(Map<String, String> values) {
        Map<String, Integer> caps = new TreeMap<>();
        values.forEach((key, value) -> {
            String listener = listener(key);
            Integer number = number(value);
            if (listener != null && number != null) {
                caps.put(listener, number);
            }
        });
        return caps;
    }

    /** A whole number, not negative; more than an int holds is as many as there may be. Null for what is none. */
    public static @Nullable Integer number(@Nullable String value) {
        if (value == null || value.isEmpty() || value.length() > 18) {
            return null;
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            char digit = value.charAt(i);
            if (digit < '0' || digit > '9') {
                return null;
            }
            number = number * 10 + (digit - '0');
        }
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
