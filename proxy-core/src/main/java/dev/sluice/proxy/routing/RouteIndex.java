package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.StringMatchPlan;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first matching route without looking at most of them (design.md principle 4). Exact paths are a hash table;
 * prefixes are one too, probed once for each length that occurs, with a hash that rolls along the path, so a lookup costs
 * the path's length whatever the number of rules (docs/adr/0002). What these yield, and the rules without an exact or
 * prefix path, are buckets of rule numbers in order; they are merged lazily, and each candidate is checked whole. Immutable.
 */
final class RouteIndex {
    private static final FastThreadLocal<Candidates> CANDIDATES = new FastThreadLocal<>() {
        @Override
        protected Candidates initialValue() {
            return new Candidates();
        }
    };

    private final Route[] routes;
    private final Map<String, Bucket> exact;
    private final Map<String, Bucket> exactIgnoringCase;
    private final PrefixTable prefixes;
    private final PrefixTable prefixesIgnoringCase;
    private final @Nullable Bucket anyPath;

    RouteIndex(Route[] routes) {
        this.routes = routes;
        Map<String, List<Integer>> byExact = new HashMap<>();
        Map<String, List<Integer>> byLowerExact = new HashMap<>();
        Map<String, List<Integer>> byPrefix = new TreeMap<>();
        Map<String, List<Integer>> byLowerPrefix = new TreeMap<>();
        List<Integer> others = new ArrayList<>();
        for (int rule = 0; rule < routes.length; rule++) {
            MatchPlan match = routes[rule].plan().match();
            StringMatchPlan path = match.path() == null ? null : match.path().value();
            boolean fold = match.ignorePathCase();
            if (path instanceof StringMatchPlan.Exact wanted) {
                add(fold ? byLowerExact : byExact, wanted.value(), fold, rule);
            } else if (path instanceof StringMatchPlan.Prefix wanted
                    && !wanted.value().isEmpty()) {
                add(fold ? byLowerPrefix : byPrefix, wanted.value(), fold, rule);
            } else {
                others.add(rule);
            }
        }
        this.exact = buckets(byExact);
        this.exactIgnoringCase = buckets(byLowerExact);
        this.prefixes = new PrefixTable(buckets(byPrefix));
        this.prefixesIgnoringCase = new PrefixTable(buckets(byLowerPrefix));
        this.anyPath = others.isEmpty() ? null : Bucket.of(others, routes);
    }

    private static void add(Map<String, List<Integer>> to, String key, boolean fold, int rule) {
        String stored = fold ? key.toLowerCase(Locale.ROOT) : key;
        to.computeIfAbsent(stored, unused -> new ArrayList<>()).add(rule);
    }

    private Map<String, Bucket> buckets(Map<String, List<Integer>> rules) {
        Map<String, Bucket> buckets = new HashMap<>();
        rules.forEach((key, numbers) -> buckets.put(key, Bucket.of(numbers, routes)));
        return buckets;
    }

    /** Number of the first matching route; -1 when none matches. */
    int find(RequestFacts request) {
        Candidates candidates = CANDIDATES.get();
        candidates.clear();
        collect(exact.get(request.path()), request, candidates);
        prefixes.collect(request.path(), request, candidates);
        if (!exactIgnoringCase.isEmpty()) {
            collect(exactIgnoringCase.get(request.lowerPath()), request, candidates);
        }
        if (!prefixesIgnoringCase.isEmpty()) {
            prefixesIgnoringCase.collect(request.lowerPath(), request, candidates);
        }
        collect(anyPath, request, candidates);
        int rule;
        while ((rule = candidates.next()) >= 0) {
            if (routes[rule].matcher().matches(request)) {
                return rule;
            }
        }
        return -1;
    }

    private static void collect(@Nullable Bucket bucket, RequestFacts request, Candidates into) {
        if (bucket != null) {
            bucket.collect(request, into);
        }
    }
}
