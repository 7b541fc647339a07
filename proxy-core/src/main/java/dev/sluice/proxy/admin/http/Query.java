package dev.sluice.proxy.admin.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a page sees it: access has been decided.
 *
 * @param change whether it may change something: a POST
 * @param parameters of the query string, decoded
 */
public record Query(boolean change, Map<String, List<String>> parameters) {
    public Query {
        parameters = Map.copyOf(parameters);
    }

    /** Whether the parameter is there, with or without a value. */
    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** The first value; null when there is none. */
    public @Nullable String one(String name) {
        List<String> values = parameters.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** Every value. */
    public List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /**
     * The value of a parameter that takes one of a few words.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    public String choice(String name, String otherwise, List<String> words) {
        String value = one(name);
        if (value == null) {
            return otherwise;
        }
        if (!words.contains(value)) {
            throw new IllegalArgumentException(name + " takes " + String.join(", ", words) + ", not '" + value + "'");
        }
        return value;
    }
}
