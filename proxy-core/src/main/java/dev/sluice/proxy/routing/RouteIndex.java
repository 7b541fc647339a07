package dev.sluice.proxy.routing;

import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.match.RequestField.Source;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first matching rule without looking at most of them (design.md principle 4). A hash of exact paths and a trie of
 * prefixes yield sorted rule numbers; they are merged lazily in rule order with those of rules that have no path condition
 * or one that cannot be indexed; each candidate is checked whole, and the first that matches wins. Path and values are filed
 * without regard to case, so an index never misses a rule; which case counts is the matcher's business. Immutable.
 */
final class RouteIndex {
    private static final FastThreadLocal<Candidates> CANDIDATES = new FastThreadLocal<>() {
        @Override
        protected Candidates initialValue() {
            return new Candidates();
        }
    };

    private final RouteMatcher[] rules;
    private final Buckets buckets;
    private final @Nullable FoldedTable exactPaths;
    private final @Nullable PrefixTrie prefixes;
    private final int anyPath;

    /** @param rules in the order in which they are tried */
    RouteIndex(RouteMatcher[] rules) {
        this.rules = rules;
        BucketBuilder builder = new BucketBuilder(rules);
        Map<String, List<Integer>> byPath = new HashMap<>();
        TreeMap<String, List<Integer>> byPrefix = new TreeMap<>();
        List<Integer> others = new ArrayList<>();
        if (isWorthwhile(rules.length)) {
            for (int rule = 0; rule < rules.length; rule++) {
                file(rule, byPath, byPrefix, others);
            }
        }
        this.exactPaths = byPath.isEmpty() ? null : new FoldedTable(builder.addAll(byPath));
        this.prefixes = byPrefix.isEmpty() ? null : PrefixTrie.of(new TreeMap<>(builder.addAll(byPrefix)));
        this.anyPath = builder.add(others);
        this.buckets = builder.build();
    }

    private void file(
            int rule, Map<String, List<Integer>> byPath, Map<String, List<Integer>> byPrefix, List<Integer> others) {
        StringMatchPlan path = path(rules[rule]);
        String prefix = "";
        if (path instanceof StringMatchPlan.Exact exact) {
            String key = AsciiCase.fold(WireText.of(exact.value()));
            byPath.computeIfAbsent(key, unused -> new ArrayList<>()).add(rule);
            return;
        }
        if (path instanceof StringMatchPlan.Prefix wanted) {
            prefix = AsciiCase.fold(WireText.of(wanted.value()));
        } else if (path instanceof StringMatchPlan.Regex regex) {
            prefix = AsciiCase.fold(RegexPrefix.of(regex.pattern()));
        }
        if (prefix.isEmpty()) {
            others.add(rule);
        } else {
            byPrefix.computeIfAbsent(prefix, unused -> new ArrayList<>()).add(rule);
        }
    }

    private static @Nullable StringMatchPlan path(RouteMatcher rule) {
        RouteCondition[] conditions = rule.conditions();
        return conditions.length > 0 && conditions[0].field().source() == Source.URI
                ? conditions[0].plan().value()
                : null;
    }

    /**
     * Number of the first rule that takes {@code head}; -1 when none does.
     *
     * @param pathEnd index of the {@code ?} of its path, or the length
     */
    int find(RequestHead head, int pathEnd) {
        return isWorthwhile(rules.length) ? findByIndex(head, pathEnd) : scan(rules, head, pathEnd);
    }

    /** Whether so many rules are found sooner by an index than one after the other. */
    static boolean isWorthwhile(int rules) {
        return rules > BucketBuilder.CROWDED;
    }

    /** As {@link #find}, of {@code rules} one after the other. */
    static int scan(RouteMatcher[] rules, RequestHead head, int pathEnd) {
        for (int rule = 0; rule < rules.length; rule++) {
            if (rules[rule].matches(head, pathEnd)) {
                return rule;
            }
        }
        return -1;
    }

    private int findByIndex(RequestHead head, int pathEnd) {
        Candidates candidates = CANDIDATES.get();
        collect(head, pathEnd, candidates);
        int rule;
        while ((rule = candidates.next(buckets.lists())) >= 0) {
            if (rules[rule].matches(head, pathEnd)) {
                return rule;
            }
        }
        return -1;
    }

    private void collect(RequestHead head, int pathEnd, Candidates into) {
        into.clear();
        if (exactPaths != null) {
            buckets.collect(exactPaths.get(head.path(), 0, pathEnd), head, pathEnd, into);
        }
        if (prefixes != null) {
            prefixes.collect(head, pathEnd, buckets, into);
        }
        buckets.collect(anyPath, head, pathEnd, into);
    }

    /** How many rules are checked for {@code head} when none of them takes it; for tests. */
    int countCandidates(RequestHead head, int pathEnd) {
        Candidates candidates = new Candidates();
        collect(head, pathEnd, candidates);
        int count = 0;
        while (candidates.next(buckets.lists()) >= 0) {
            count++;
        }
        return count;
    }
}
