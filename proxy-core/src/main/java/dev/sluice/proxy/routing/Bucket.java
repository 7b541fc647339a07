package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.StringMatchPlan;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules that share a path condition. A small bucket is a plain list; in a crowded one each rule that asks for an exact
 * header or method is filed under it and found only by requests that carry that value. Immutable.
 */
final class Bucket {
    /** Up to so many rules are checked one by one. */
    private static final int CROWDED = 8;

    private static final String METHOD = ":method";

    private final int[] plain;
    private final List<Filed> filed;

    private Bucket(int[] plain, List<Filed> filed) {
        this.plain = plain;
        this.filed = filed;
    }

    /** Rules filed under the values of one header (or the method). */
    private record Filed(String name, AsciiString header, Map<String, Bucket> byValue) {}

    private record Key(String name, String value) {}

    /** @param rules ascending */
    static Bucket of(List<Integer> rules, Route[] routes) {
        return of(rules, routes, List.of());
    }

    private static Bucket of(List<Integer> rules, Route[] routes, List<String> usedNames) {
        if (rules.size() <= CROWDED) {
            return new Bucket(toArray(rules), List.of());
        }
        Map<Key, Integer> frequency = new HashMap<>();
        for (int rule : rules) {
            for (Key key : keys(routes[rule].plan(), usedNames)) {
                frequency.merge(key, 1, Integer::sum);
            }
        }
        List<Integer> rest = new ArrayList<>();
        Map<String, Map<String, List<Integer>>> byName = new LinkedHashMap<>();
        for (int rule : rules) {
            Key best = mostSelective(keys(routes[rule].plan(), usedNames), frequency);
            if (best == null) {
                rest.add(rule);
            } else {
                byName.computeIfAbsent(best.name, unused -> new HashMap<>())
                        .computeIfAbsent(best.value, unused -> new ArrayList<>())
                        .add(rule);
            }
        }
        List<Filed> filed = new ArrayList<>();
        byName.forEach((name, values) -> {
            List<String> used = new ArrayList<>(usedNames);
            used.add(name);
            Map<String, Bucket> byValue = new HashMap<>();
            values.forEach((value, some) -> byValue.put(value, of(some, routes, used)));
            filed.add(new Filed(name, AsciiString.cached(name), byValue));
        });
        return new Bucket(toArray(rest), filed);
    }

    private static @Nullable Key mostSelective(List<Key> keys, Map<Key, Integer> frequency) {
        Key best = null;
        int least = Integer.MAX_VALUE;
        for (Key key : keys) {
            int times = frequency.getOrDefault(key, Integer.MAX_VALUE);
            if (times < least) {
                least = times;
                best = key;
            }
        }
        return best;
    }

    private static List<Key> keys(RoutePlan rule, List<String> usedNames) {
        MatchPlan match = rule.match();
        List<Key> keys = new ArrayList<>();
        for (ConditionPlan header : match.headers()) {
            if (header.value() instanceof StringMatchPlan.Exact wanted && !usedNames.contains(header.key())) {
                keys.add(new Key(header.key(), wanted.value()));
            }
        }
        ConditionPlan method = match.method();
        if (method != null && method.value() instanceof StringMatchPlan.Exact wanted && !usedNames.contains(METHOD)) {
            keys.add(new Key(METHOD, wanted.value()));
        }
        return keys;
    }

    /** Adds the rules that {@code request} may satisfy. */
    void collect(RequestFacts request, Candidates into) {
        into.add(plain);
        for (int i = 0; i < filed.size(); i++) {
            Filed group = filed.get(i);
            CharSequence value = request.header(group.header);
            if (value != null) {
                Bucket bucket = group.byValue.get(value.toString());
                if (bucket != null) {
                    bucket.collect(request, into);
                }
            }
        }
    }

    private static int[] toArray(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
