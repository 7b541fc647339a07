package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** The index may only be quicker than a scan, never of another opinion. */
class RouteIndexTest {
    private static final int RULES = 60;

    /** A condition to add to a rule; small alphabets make rules collide, nest and differ in case only. */
    private interface Part {
        void addTo(Rules.MatchBuilder rule);
    }

    @Property(tries = 3000)
    void findsTheRuleThatALinearScanFinds(
            @ForAll("rules") List<MatchPlan> rules, @ForAll("requests") List<RequestHead> requests) {
        RouteMatcher.Compiler compiler = new RouteMatcher.Compiler();
        RouteMatcher[] matchers = rules.stream().map(compiler::compile).toArray(RouteMatcher[]::new);
        RouteIndex index = new RouteIndex(matchers);
        for (RequestHead request : requests) {
            int pathEnd = RequestField.endOfPath(request.path());
            int expected = -1;
            for (int i = 0; i < matchers.length && expected < 0; i++) {
                expected = matchers[i].matches(request, pathEnd) ? i : -1;
            }
            assertEquals(expected, index.find(request, pathEnd), () -> request + " " + request.headers());
            Statistics.label("outcome")
                    .collect(expected < 0 ? "none" : expected < BucketBuilder.CROWDED ? "early" : "late");
        }
        Statistics.label("indexed").collect(rules.size() > BucketBuilder.CROWDED);
    }

    /** A count of rules to check, not of nanoseconds: it must not grow with the number of rules. */
    @Test
    void aRequestMeetsFewOfTenThousandRulesWhateverTellsThemApart() {
        int rules = 10_000;
        assertFew(rules, i -> Rules.match().path(Rules.prefix("/svc-" + i + "/")), Requests.get("/svc-7777/a"));
        assertFew(rules, i -> Rules.match().path(Rules.exact("/svc-" + i)), Requests.get("/svc-7777"));
        assertFew(rules, i -> Rules.match().path(Rules.regex("/svc-" + i + "/[a-z]+")), Requests.get("/svc-7777/a"));
        assertFew(
                rules,
                i -> Rules.match().path(Rules.prefix("/")).header("tenant", Rules.exact("t" + i)),
                Requests.get("/", "tenant", "t7777"));
        assertFew(
                rules,
                i -> Rules.match().header("tenant-" + i, Rules.exact("1")),
                Requests.get("/", "tenant-7777", "1"));
        assertFew(
                rules,
                i -> Rules.match().header("tenant-" + i % 100, Rules.exact("t" + i)),
                Requests.get("/", "tenant-77", "t7777"));
        assertFew(
                rules,
                i -> i % 2 == 0
                        ? Rules.match().header("a", Rules.exact("t" + i))
                        : Rules.match().header("b", Rules.exact("t" + i)),
                Requests.get("/", "a", "t7776", "b", "t7777"));
        assertFew(rules, i -> Rules.match().query("id", Rules.exact("t" + i)), Requests.get("/?id=t7777"));
    }

    private static void assertFew(int rules, IntFunction<Rules.MatchBuilder> shape, RequestHead request) {
        RouteMatcher.Compiler compiler = new RouteMatcher.Compiler();
        RouteMatcher[] matchers = IntStream.range(0, rules)
                .mapToObj(i -> compiler.compile(shape.apply(i).plan()))
                .toArray(RouteMatcher[]::new);
        RouteIndex index = new RouteIndex(matchers);
        int pathEnd = RequestField.endOfPath(request.path());
        assertTrue(index.find(request, pathEnd) >= 0, request.toString());
        int candidates = index.countCandidates(request, pathEnd);
        assertTrue(candidates <= BucketBuilder.CROWDED, candidates + " candidates for " + request + request.headers());
    }

    @Test
    void prefixesThatNestThousandsOfTimesCostNoStack() {
        int depth = 5_000;
        String longest = "/" + "a".repeat(depth);
        RouteMatcher.Compiler compiler = new RouteMatcher.Compiler();
        RouteMatcher[] matchers = IntStream.range(0, depth)
                .mapToObj(i -> compiler.compile(Rules.match()
                        .path(Rules.prefix(longest.substring(0, depth - i)))
                        .method(Rules.exact(i == depth - 2 ? "GET" : "POST"))
                        .plan()))
                .toArray(RouteMatcher[]::new);
        assertEquals(depth - 2, new RouteIndex(matchers).find(Requests.get(longest), longest.length()));
    }

    @Provide
    Arbitrary<List<MatchPlan>> rules() {
        // Mostly one shape at a time, so that buckets become crowded; then all of them mixed.
        Arbitrary<Part> any = Arbitraries.oneOf(List.of(headers(), withoutHeaders(), fields(), queries()));
        Arbitrary<MatchPlan> onePath = Arbitraries.oneOf(List.of(headers(), fields(), queries()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .map(parts -> rule(rule -> rule.path(Rules.prefix("/a")), parts));
        Arbitrary<MatchPlan> onlyHeaders =
                headers().list().ofMinSize(1).ofMaxSize(3).map(parts -> rule(rule -> {}, parts));
        Arbitrary<MatchPlan> onlyPaths = paths().map(path -> rule(path, List.of()));
        Arbitrary<MatchPlan> mixed =
                Combinators.combine(paths(), any.list().ofMaxSize(3)).as(RouteIndexTest::rule);
        return Arbitraries.oneOf(
                onePath.list().ofMaxSize(RULES),
                onlyHeaders.list().ofMaxSize(RULES),
                onlyPaths.list().ofMaxSize(RULES),
                mixed.list().ofMaxSize(RULES),
                Arbitraries.oneOf(onePath, onlyHeaders, onlyPaths, mixed).list().ofMaxSize(RULES));
    }

    private static MatchPlan rule(Part path, List<Part> parts) {
        Rules.MatchBuilder rule = Rules.match();
        path.addTo(rule);
        parts.forEach(part -> part.addTo(rule));
        return rule.plan();
    }

    private static Arbitrary<Part> paths() {
        Arbitrary<StringMatchPlan> matchers = Arbitraries.oneOf(
                path().map(Rules::exact),
                path().map(Rules::prefix),
                Arbitraries.of("", "/", "/a").map(Rules::prefix),
                Arbitraries.of(
                                "/a.*",
                                "/(a|b)/?",
                                "/a|/b",
                                "a|/.*",
                                "[|]|/a",
                                "/a+",
                                "/ab?",
                                "/ab*/",
                                "/a{2}",
                                ".*",
                                "/A\\.b|/a",
                                "(?i)/a.*",
                                "^/b",
                                "\\Q/a\\E.*")
                        .map(Rules::regex),
                Arbitraries.just(Rules.present()));
        return Combinators.combine(matchers, Arbitraries.of(true, false, false)).as((matcher, ignoreCase) -> rule -> {
            rule.path(matcher);
            if (ignoreCase) {
                rule.ignoreCase();
            }
        });
    }

    private static Arbitrary<Part> headers() {
        // Few names with many values, and many names with few values.
        Arbitrary<String> names = Arbitraries.of(
                "x", "y", "x-1", "x-2", "x-3", "x-4", "x-5", "x-6", "host", ":method", ":path", ":status");
        return Combinators.combine(names, values()).as((name, value) -> rule -> rule.header(name, value));
    }

    private static Arbitrary<Part> withoutHeaders() {
        return Combinators.combine(Arbitraries.of("x", "y", "x-1", "host"), values())
                .as((name, value) -> rule -> rule.without(name, value));
    }

    private static Arbitrary<Part> fields() {
        return Arbitraries.oneOf(
                methods().map(method -> rule -> rule.method(Rules.exact(method))),
                Arbitraries.just(rule -> rule.method(Rules.regex("G.*"))),
                schemes().map(scheme -> rule -> rule.scheme(Rules.exact(scheme))),
                authorities().map(authority -> rule -> rule.authority(Rules.exact(authority))));
    }

    private static Arbitrary<Part> queries() {
        return Combinators.combine(Arbitraries.of("k", "K", "kk"), values())
                .as((key, value) -> rule -> rule.query(key, value));
    }

    private static Arbitrary<StringMatchPlan> values() {
        return Arbitraries.oneOf(
                value().map(Rules::exact),
                value().map(Rules::exact),
                Arbitraries.of("1", "A").map(Rules::prefix),
                Arbitraries.of("[0-9]+", ".*", "1|2", "1,.*").map(Rules::regex),
                Arbitraries.just(Rules.present()));
    }

    private static Arbitrary<String> path() {
        return Arbitraries.of("a", "b", "A", "ab", "B.", "aa", "")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(segments -> "/" + String.join("/", segments));
    }

    private static Arbitrary<String> value() {
        return Arbitraries.of("", "0", "1", "2", "3", "4", "5", "6", "1,2", "a", "A", "é");
    }

    private static Arbitrary<String> methods() {
        return Arbitraries.of("GET", "POST", "get");
    }

    private static Arbitrary<String> schemes() {
        return Arbitraries.of("http", "https");
    }

    private static Arbitrary<String> authorities() {
        return Arbitraries.of("", "a", "a:80", "A");
    }

    @Provide
    Arbitrary<List<RequestHead>> requests() {
        Arbitrary<String> query = Arbitraries.of("", "", "?", "?k", "?k=1", "?kk=1&k=2&k=1", "?K=A", "?k=1,2&kk=");
        Arbitrary<String> target = Combinators.combine(path(), query).as((path, q) -> path + q);
        Arbitrary<String> names = Arbitraries.of("x", "X", "y", "x-1", "X-2", "x-3", "x-4", "x-5", "x-6");
        Arbitrary<List<String>> headers = Combinators.combine(
                        names, Arbitraries.of("", "0", "1", "2", "3", "4", "5", "6", "a", "A", "\u00c3\u00a9"))
                .as((name, value) -> List.of(name, value))
                .list()
                .ofMaxSize(5)
                .map(RouteIndexTest::flat);
        return Combinators.combine(methods(), schemes(), authorities(), target, headers)
                .as((method, scheme, authority, path, all) ->
                        Requests.request(method, scheme, authority, path, all.toArray(new String[0])))
                .list()
                .ofMinSize(10)
                .ofMaxSize(20);
    }

    private static List<String> flat(List<List<String>> pairs) {
        List<String> flat = new ArrayList<>();
        pairs.forEach(flat::addAll);
        return flat;
    }
}
