package dev.sluice.proxy.routing;

import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.match.RequestField.Source;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes buckets, and splits crowded ones by whatever leaves the fewest rules to check. Used by one thread, while a snapshot
 * is assembled.
 */
final class BucketBuilder {
    /** So many rules are checked one by one. */
    static final int CROWDED = 8;

    private final RouteMatcher[] rules;
    private final List<Split> splits = new ArrayList<>();
    private int[] lists = new int[16];
    private int listsEnd = 1;

    BucketBuilder(RouteMatcher[] rules) {
        this.rules = rules;
        lists[0] = Buckets.EMPTY;
    }

    Buckets build() {
        if (listsEnd == 1 && splits.isEmpty()) {
            return Buckets.NONE;
        }
        return new Buckets(Arrays.copyOf(lists, listsEnd), splits.toArray(new Split[0]));
    }

    /** Buckets of all {@code groups}. */
    Map<String, Integer> addAll(Map<String, List<Integer>> groups) {
        Map<String, Integer> buckets = new LinkedHashMap<>();
        groups.forEach((key, members) -> buckets.put(key, add(members)));
        return buckets;
    }

    /**
     * A bucket of {@code members}, which ascend. A split is made only when it leaves at most three quarters of the rules, so
     * the calls nest no deeper than the logarithm of their number.
     */
    int add(List<Integer> members) {
        if (members.isEmpty()) {
            return Buckets.EMPTY;
        }
        if (members.size() == 1) {
            return Buckets.ofRule(members.get(0));
        }
        if (members.size() <= CROWDED) {
            return addList(members);
        }
        Grouping best = byName(members);
        for (RequestField field : fields(members)) {
            Grouping other = byValue(members, field);
            if (other.worst() <= best.worst()) {
                best = other;
            }
        }
        if (best.worst() > members.size() * 3 / 4) {
            return addList(members);
        }
        FoldedTable table = new FoldedTable(addAll(best.groups));
        int rest = add(best.rest);
        splits.add(best.field == null ? new Split.ByName(table, rest) : new Split.ByValue(best.field, table, rest));
        return Buckets.ofSplit(splits.size() - 1);
    }

    private int addList(List<Integer> members) {
        int start = listsEnd;
        if (lists.length < start + members.size() + 1) {
            lists = Arrays.copyOf(lists, Math.max(lists.length * 2, start + members.size() + 1));
        }
        for (int member : members) {
            lists[listsEnd++] = member;
        }
        lists[listsEnd++] = Buckets.EMPTY;
        return Buckets.ofList(start);
    }

    /**
     * A way to split.
     *
     * @param field null when the groups are header names
     * @param groups members by what they ask for, in lower case
     * @param rest members that cannot be told apart this way
     */
    private record Grouping(@Nullable RequestField field, Map<String, List<Integer>> groups, List<Integer> rest) {
        /** Rules that a request may still have to check, at worst. */
        int worst() {
            int largest = 0;
            for (List<Integer> group : groups.values()) {
                largest = Math.max(largest, group.size());
            }
            return largest + rest.size();
        }

        void file(@Nullable String key, int rule) {
            (key == null ? rest : groups.computeIfAbsent(key, unused -> new ArrayList<>())).add(rule);
        }
    }

    /** Fields of which at least one rule asks an exact value; the path is what the bucket was made by. */
    private List<RequestField> fields(List<Integer> members) {
        Map<RequestField, Integer> users = new LinkedHashMap<>();
        for (int rule : members) {
            for (RouteCondition condition : rules[rule].conditions()) {
                if (exactValue(condition) != null && condition.field().source() != Source.URI) {
                    users.merge(condition.field(), 1, Integer::sum);
                }
            }
        }
        // One that fewer than a quarter use leaves more than three quarters; this keeps the search linear.
        users.values().removeIf(count -> count < members.size() / 4);
        return List.copyOf(users.keySet());
    }

    private Grouping byValue(List<Integer> members, RequestField field) {
        Grouping grouping = new Grouping(field, new LinkedHashMap<>(), new ArrayList<>());
        for (int rule : members) {
            String value = null;
            for (RouteCondition condition : rules[rule].conditions()) {
                if (value == null && condition.field().equals(field)) {
                    value = exactValue(condition);
                }
            }
            grouping.file(value, rule);
        }
        return grouping;
    }

    private Grouping byName(List<Integer> members) {
        Map<AsciiString, Integer> users = new HashMap<>();
        for (int rule : members) {
            for (RouteCondition condition : rules[rule].conditions()) {
                if (needsHeader(condition)) {
                    users.merge(condition.field().name(), 1, Integer::sum);
                }
            }
        }
        Grouping grouping = new Grouping(null, new LinkedHashMap<>(), new ArrayList<>());
        for (int rule : members) {
            AsciiString rarest = null;
            int fewest = Integer.MAX_VALUE;
            for (RouteCondition condition : rules[rule].conditions()) {
                if (needsHeader(condition)) {
                    AsciiString name = condition.field().name();
                    int count = Objects.requireNonNull(users.get(name));
                    if (count < fewest) {
                        fewest = count;
                        rarest = name;
                    }
                }
            }
            grouping.file(rarest == null ? null : rarest.toString(), rule);
        }
        return grouping;
    }

    private static @Nullable String exactValue(RouteCondition condition) {
        return !condition.isNegated() && condition.plan().value() instanceof StringMatchPlan.Exact exact
                ? AsciiCase.fold(WireText.of(exact.value()))
                : null;
    }

    private static boolean needsHeader(RouteCondition condition) {
        return !condition.isNegated() && condition.field().source() == Source.HEADER;
    }
}
