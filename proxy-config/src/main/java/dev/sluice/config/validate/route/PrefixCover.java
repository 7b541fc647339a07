package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds match blocks whose path prefix an earlier, shorter one takes away (spec §11.1, "http only, uri prefix rules"):
 * ports are equal, and method, authority, headers, query parameters and withoutHeaders of the earlier are equal to those
 * of the later or extend them; no method counts as GET. That is Istio's own approximation, an information rather than a
 * proof.
 *
 * <p>Blocks are grouped by prefix and port, and a block is compared with the groups of its own prefix's beginnings, so
 * that ten thousand distinct prefixes cost a look-up a letter each.
 */
final class PrefixCover {
    /** So many comparisons say enough about a VirtualService; a hostile one must not cost more. */
    private static final int MAX_COMPARISONS = 1_000_000;
    /** No path is longer. */
    private static final int MAX_PREFIX = 4096;

    private final Report report;
    private final Map<Group, List<Conditions>> groups = new HashMap<>();
    /** Of the prefixes so far: only these beginnings of a prefix are worth a look-up. */
    private final NavigableSet<Integer> lengths = new TreeSet<>();

    private int comparisons;

    PrefixCover(Report report) {
        this.report = report;
    }

    private record Group(String prefix, long port) {}

    /** What is compared of a block beside prefix and port. */
    private record Conditions(
            HttpMatchRequest match,
            String method,
            String authority,
            Map<String, String> headers,
            Map<String, String> queryParams,
            Map<String, String> withoutHeaders) {

        static Conditions of(HttpMatchRequest match) {
            String method = text(match.method());
            return new Conditions(
                    match,
                    method.isEmpty() ? "exact:GET" : method,
                    text(match.authority()),
                    texts(match.headers()),
                    texts(match.queryParams()),
                    texts(match.withoutHeaders()));
        }

        boolean covers(Conditions later) {
            return method.startsWith(later.method)
                    && authority.startsWith(later.authority)
                    && extend(headers, later.headers)
                    && extend(queryParams, later.queryParams)
                    && extend(withoutHeaders, later.withoutHeaders);
        }

        private static boolean extend(Map<String, String> earlier, Map<String, String> later) {
            if (earlier.size() != later.size()) {
                return false;
            }
            for (Map.Entry<String, String> entry : earlier.entrySet()) {
                String value = later.get(entry.getKey());
                if (value == null || !entry.getValue().startsWith(value)) {
                    return false;
                }
            }
            return true;
        }

        private static Map<String, String> texts(Map<String, StringMatch> matchers) {
            if (matchers.isEmpty()) {
                return Map.of();
            }
            Map<String, String> texts = new HashMap<>();
            matchers.forEach((name, matcher) -> texts.put(name, text(matcher)));
            return texts;
        }

        private static String text(@Nullable StringMatch matcher) {
            if (matcher == null) {
                return "";
            }
            if (matcher.exact() != null && !matcher.exact().isEmpty()) {
                return "exact:" + matcher.exact();
            }
            boolean prefix = matcher.prefix() != null && !matcher.prefix().isEmpty();
            return prefix ? "prefix:" + matcher.prefix() : "";
        }
    }

    /** Takes the next block, and tells whether an earlier one covers it; blocks without a prefix are left out. */
    boolean add(HttpMatchRequest match) {
        StringMatch uri = match.uri();
        String prefix = uri == null ? null : uri.prefix();
        if (prefix == null || prefix.isEmpty() || prefix.length() > MAX_PREFIX) {
            return false;
        }
        long port = match.port() == null ? 0 : match.port();
        Conditions conditions = Conditions.of(match);
        boolean covered = false;
        for (int length : lengths.headSet(prefix.length())) {
            Conditions earlier = covering(groups.get(new Group(prefix.substring(0, length), port)), conditions);
            if (earlier != null) {
                tell(earlier, prefix.substring(0, length), match);
                covered = true;
                break;
            }
        }
        lengths.add(prefix.length());
        groups.computeIfAbsent(new Group(prefix, port), group -> new ArrayList<>(1))
                .add(conditions);
        return covered;
    }

    private @Nullable Conditions covering(@Nullable List<Conditions> candidates, Conditions later) {
        if (candidates != null) {
            for (Conditions earlier : candidates) {
                if (comparisons++ > MAX_COMPARISONS) {
                    return null;
                }
                if (earlier.covers(later)) {
                    return earlier;
                }
            }
        }
        return null;
    }

    private void tell(Conditions earlier, String prefix, HttpMatchRequest match) {
        report.add(
                Severity.INFO,
                Codes.INEFFECTIVE_MATCH,
                Place.of(match.at(), "uri"),
                "has no effect: line " + earlier.match().at().location().line() + " already takes the prefix "
                        + Quote.of(prefix));
    }
}
