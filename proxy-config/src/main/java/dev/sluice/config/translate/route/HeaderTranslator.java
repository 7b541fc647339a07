package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute.HeaderOperations;
import dev.sluice.config.crd.HttpRoute.Headers;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.HeaderPlan.Entry;
import dev.sluice.config.plan.policy.HeaderPlan.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Header operations of a route or a destination (spec §1.3). */
final class HeaderTranslator {
    private static final String HOST = "host";
    private static final String AUTHORITY = ":authority";

    private HeaderTranslator() {}

    static HeaderPlan level(@Nullable Headers headers) {
        if (headers == null) {
            return HeaderPlan.NONE;
        }
        return new HeaderPlan(
                operations(headers.request()), operations(headers.response()), authority(headers.request()));
    }

    /** Route and destination level of a rule with a single destination: one run, the route's entries first. */
    static HeaderPlan joined(HeaderPlan route, HeaderPlan destination) {
        if (destination.equals(HeaderPlan.NONE)) {
            return route;
        }
        return new HeaderPlan(
                joined(route.request(), destination.request()),
                joined(route.response(), destination.response()),
                route.authority() == null ? destination.authority() : route.authority());
    }

    private static Operations joined(Operations first, Operations second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        return new Operations(
                joined(first.remove(), second.remove()),
                joined(first.set(), second.set()),
                joined(first.add(), second.add()));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static Operations operations(@Nullable HeaderOperations written) {
        if (written == null) {
            return Operations.NONE;
        }
        List<String> remove = new ArrayList<>();
        for (String name : written.remove()) {
            if (isPlain(name)) {
                remove.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new Operations(remove, entries(written.set()), entries(written.add()));
    }

    private static List<Entry> entries(Map<String, String> written) {
        List<Entry> entries = new ArrayList<>(written.size());
        // By name as written: of X-A and x-a, which are one header, the later sets it.
        List<Map.Entry<String, String>> byName = new ArrayList<>(written.entrySet());
        byName.sort((one, other) -> one.getKey().compareTo(other.getKey()));
        for (Map.Entry<String, String> entry : byName) {
            if (isPlain(entry.getKey())) {
                entries.add(new Entry(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
            }
        }
        return entries;
    }

    /** The host is rewritten, never edited; other pseudo headers are nobody's. */
    private static boolean isPlain(String name) {
        return !name.startsWith(":") && !name.equalsIgnoreCase(HOST);
    }

    /** A set beats an add. */
    private static @Nullable String authority(@Nullable HeaderOperations request) {
        if (request == null) {
            return null;
        }
        String set = authority(request.set());
        return set == null ? authority(request.add()) : set;
    }

    private static @Nullable String authority(Map<String, String> written) {
        for (Map.Entry<String, String> entry : written.entrySet()) {
            String name = entry.getKey();
            boolean host = name.equalsIgnoreCase(HOST) || name.equalsIgnoreCase(AUTHORITY);
            if (host && !entry.getValue().isEmpty()) {
                return entry.getValue();
            }
        }
        return null;
    }
}
