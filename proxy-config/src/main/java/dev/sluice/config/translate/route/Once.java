package dev.sluice.config.translate.route;

import java.util.HashMap;
import java.util.Map;

/**
 * One object for all that are equal: thousands of rules go to the same few clusters and look at the same few headers. Only
 * for immutable objects, and for those in which a place in a file is no part. Used by one thread for one compilation.
 */
final class Once {
    private final Map<Object, Object> all = new HashMap<>();

    /** The first of those that equal {@code value}. */
    @SuppressWarnings("unchecked") // what is equal is of the same class: records and strings
    <T> T of(T value) {
        Object first = all.putIfAbsent(value, value);
        return first == null ? value : (T) first;
    }
}
