package dev.sluice.config.crd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values by host, asked in the relations of {@link HostNames} without a scan over all hosts: what covers a host costs a
 * look-up a letter, what a wildcard covers costs what it finds (names are kept reversed, so a suffix is a range).
 *
 * <p>Names are compared as given; see {@link HostNames#expand}. Filled and read by one thread, or read by many once
 * filled.
 */
public final class HostIndex<T> {
    private final Map<String, List<T>> byHost = new HashMap<>();
    private final NavigableMap<String, String> reversed = new TreeMap<>();
    private int longestWildcard;

    /** Adds a value; one host may have several, kept in the order of adding. */
    public void add(String host, T value) {
        List<T> values = byHost.get(host);
        if (values == null) {
            values = new ArrayList<>(1);
            byHost.put(host, values);
            reversed.put(reverse(host), host);
            if (HostNames.isWildcard(host)) {
                longestWildcard = Math.max(longestWildcard, host.length());
            }
        }
        values.add(value);
    }

    /** The values of exactly this host or wildcard; empty for none. */
    public List<T> get(String host) {
        return byHost.getOrDefault(host, List.of());
    }

    /** The values under the most specific name that covers {@code host}; empty for none. */
    public List<T> mostSpecific(String host) {
        List<T> values = byHost.get(host);
        if (values != null) {
            return values;
        }
        String wildcard = nextCovering(host, HostNames.isWildcard(host) ? 2 : 0);
        return wildcard == null ? List.of() : get(wildcard);
    }

    /** Whether some name covers {@code host}. */
    public boolean covers(String host) {
        return !mostSpecific(host).isEmpty();
    }

    /** Calls {@code found} for each name that covers {@code host} and each value of it, the most specific name first. */
    public void forEachCovering(String host, BiConsumer<String, T> found) {
        byHost.getOrDefault(host, List.of()).forEach(value -> found.accept(host, value));
        int from = HostNames.isWildcard(host) ? 2 : 0;
        String wildcard = nextCovering(host, from);
        while (wildcard != null) {
            for (T value : get(wildcard)) {
                found.accept(wildcard, value);
            }
            wildcard = nextCovering(host, host.length() - (wildcard.length() - 1) + 1);
        }
    }

    /** Calls {@code found} for each name that {@code host} covers and each value of it, {@code host} itself included. */
    public void forEachCovered(String host, BiConsumer<String, T> found) {
        if (!HostNames.isWildcard(host)) {
            get(host).forEach(value -> found.accept(host, value));
            return;
        }
        String suffix = reverse(host.substring(1));
        for (Map.Entry<String, String> entry : reversed.tailMap(suffix, true).entrySet()) {
            if (!entry.getKey().startsWith(suffix)) {
                return;
            }
            if (HostNames.subsetOf(entry.getValue(), host)) {
                get(entry.getValue()).forEach(value -> found.accept(entry.getValue(), value));
            }
        }
    }

    /** Calls {@code found} for each name that covers {@code host} or is covered by it, once. */
    public void forEachMatching(String host, BiConsumer<String, T> found) {
        forEachCovering(host, found);
        if (HostNames.isWildcard(host)) {
            forEachCovered(host, (name, value) -> {
                if (!name.equals(host)) {
                    found.accept(name, value);
                }
            });
        }
    }

    /** A value of a name that covers {@code host} or is covered by it and that {@code wanted} takes; null for none. */
    public @Nullable T findMatching(String host, Predicate<T> wanted) {
        T found = find(get(host), wanted);
        String wildcard = nextCovering(host, HostNames.isWildcard(host) ? 2 : 0);
        while (found == null && wildcard != null) {
            found = find(get(wildcard), wanted);
            wildcard = nextCovering(host, host.length() - (wildcard.length() - 1) + 1);
        }
        if (found == null && HostNames.isWildcard(host)) {
            String suffix = reverse(host.substring(1));
            for (Map.Entry<String, String> entry :
                    reversed.tailMap(suffix, true).entrySet()) {
                if (found != null || !entry.getKey().startsWith(suffix)) {
                    return found;
                }
                if (HostNames.subsetOf(entry.getValue(), host)) {
                    found = find(get(entry.getValue()), wanted);
                }
            }
        }
        return found;
    }

    private static <T> @Nullable T find(List<T> values, Predicate<T> wanted) {
        for (T value : values) {
            if (wanted.test(value)) {
                return value;
            }
        }
        return null;
    }

    /** A name that covers {@code host} or is covered by it, or null. */
    public @Nullable String firstMatching(String host) {
        if (byHost.containsKey(host)) {
            return host;
        }
        String wildcard = nextCovering(host, HostNames.isWildcard(host) ? 2 : 0);
        return wildcard != null || !HostNames.isWildcard(host) ? wildcard : firstCovered(host);
    }

    private @Nullable String firstCovered(String wildcard) {
        String suffix = reverse(wildcard.substring(1));
        for (Map.Entry<String, String> entry : reversed.tailMap(suffix, true).entrySet()) {
            if (!entry.getKey().startsWith(suffix)) {
                return null;
            }
            if (HostNames.subsetOf(entry.getValue(), wildcard)) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** The longest wildcard here whose rest is a suffix of {@code host} that begins at {@code from} or later. */
    private @Nullable String nextCovering(String host, int from) {
        int first = Math.max(from, host.length() - (longestWildcard - 1));
        for (int i = first; i <= host.length(); i++) {
            String wildcard = "*" + host.substring(i);
            if (byHost.containsKey(wildcard)) {
                return wildcard;
            }
        }
        return null;
    }

    private static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }
}
