package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.sun.management.ThreadMXBean;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan.UnknownHost;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.telemetry.Traffic;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static Router router(VirtualHost... hosts) {
        return new Router(List.of(hosts), UnknownHost.NOT_FOUND, PathNormalization.BASE);
    }

    private static VirtualHost host(String domain, MatchPlan... rules) {
        return Rules.host(List.of(domain), false, List.of(rules));
    }

    private static MatchPlan prefix(String prefix) {
        return Rules.match().path(Rules.prefix(prefix)).plan();
    }

    @Test
    void theFirstRuleThatMatchesWins() {
        VirtualHost host = host("*", prefix("/a"), prefix("/"), prefix("/b"));
        Router router = router(host);
        assertSame(host.routes().get(0), router.route(Requests.get("/ab"), null));
        assertSame(host.routes().get(1), router.route(Requests.get("/b"), null));
    }

    @Test
    void aVirtualHostWithoutMatchingRuleDoesNotFallBackToALessSpecificOne() {
        Router router = router(host("a.com", prefix("/x")), host("*", prefix("/")));
        assertEquals(Unrouted.NO_ROUTE, router.route(Requests.request("GET", "http", "a.com", "/y"), null));
    }

    @Test
    void anUnknownHostHasNoVirtualHost() {
        Router router = router(host("a.com", prefix("/")));
        assertEquals(Unrouted.NO_VIRTUAL_HOST, router.route(Requests.request("GET", "http", "b.com", "/"), null));
        assertEquals(Unrouted.NO_VIRTUAL_HOST, router().route(Requests.get("/"), null));
    }

    @Test
    void matchesAndForwardsTheNormalisedPathAndRemembersTheReceivedOne() {
        VirtualHost host = host("*", Rules.match().path(Rules.exact("/secret")).plan());
        RequestHead request = Requests.get("/public/%2e%2E/secre%74?a=%2e");
        assertSame(host.routes().get(0), router(host).route(request, null));
        assertEquals("/secret?a=%2e", request.path());
        assertEquals("/public/%2e%2E/secre%74?a=%2e", request.receivedPath());
    }

    @Test
    void aBadPathIsRefusedWhateverTheHost() {
        assertEquals(Unrouted.BAD_PATH, router().route(Requests.get("/../etc"), null));
    }

    @Test
    void aHostForHttpsOnlyRedirectsCleartextAlsoWhereItHasNoRoute() {
        Router router = router(Rules.host(List.of("*"), true, List.of(prefix("/a"))));
        assertEquals(Unrouted.HTTPS_REDIRECT, router.route(Requests.get("/a"), null));
        assertEquals(Unrouted.HTTPS_REDIRECT, router.route(Requests.get("/b"), null));
        assertEquals(Unrouted.NO_ROUTE, router.route(Requests.request("GET", "https", "h", "/b"), null));
        assertEquals(Unrouted.NO_ROUTE, router.route(Requests.get("/b", "x-forwarded-proto", "HTTPS"), null));
        assertEquals(
                Unrouted.HTTPS_REDIRECT,
                router.route(Requests.request("GET", "https", "h", "/b", "x-forwarded-proto", "http"), null));
    }

    @Test
    void aRecorderSeesEveryRuleInOrderWithTheFirstConditionThatFailed() {
        List<MatchPlan> rules = new ArrayList<>();
        rules.add(Rules.match()
                .path(Rules.prefix("/a"))
                .method(Rules.exact("GET"))
                .header("end-user", Rules.exact("jason"))
                .header("x", Rules.present())
                .plan());
        rules.add(Rules.match().path(Rules.exact("/b")).plan());
        // Enough of them for an index.
        for (int i = 0; i < 20; i++) {
            rules.add(prefix("/other" + i));
        }
        rules.add(prefix("/"));
        rules.add(prefix("/never"));
        VirtualHost host = Rules.host(rules);
        List<String> seen = new ArrayList<>();
        MatchRecorder recorder = new MatchRecorder() {
            @Override
            public void virtualHost(VirtualHostPlan chosen) {
                seen.add(chosen.name());
            }

            @Override
            public void tried(RoutePlan rule, @Nullable ConditionPlan failed) {
                seen.add(rule.rule().index() + " " + (failed == null ? "takes it" : failed.field()));
            }
        };
        Routing routing = router(host).route(Requests.get("/a", "end-user", "bob"), recorder);
        assertSame(host.routes().get(22), routing);
        List<String> expected = new ArrayList<>(List.of("*", "0 headers[end-user]"));
        for (int i = 1; i < 22; i++) {
            expected.add(i + " uri");
        }
        expected.add("22 takes it");
        assertEquals(expected, seen);
    }

    @Test
    void aRouteThatAnswersByItselfHasNoDestination() {
        Exchange exchange = new Traffic(ExchangeObserver.NONE).start(Requests.get("/"));
        assertNull(Rules.route(0, MatchPlan.ANY).choose(exchange));
    }

    /** Matching by path, the ordinary case, allocates nothing, compiled or not. */
    @Test
    void choosingAHostAndARouteByPathAllocatesNothing() {
        List<MatchPlan> rules = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rules.add(prefix("/svc-" + i + "/"));
            rules.add(
                    Rules.match().path(Rules.exact("/Exact-" + i)).ignoreCase().plan());
        }
        Router router = router(Rules.host(List.of("*.example.com"), false, rules), host("example.com"));
        RequestHead byPrefix = Requests.request("GET", "http", "A.Example.com:80", "/svc-70/a%20b?q=1");
        RequestHead byExact = Requests.request("GET", "http", "a.example.com", "/EXACT-33");
        assertEquals(0, allocated(router, byPrefix, byExact));
    }

    private static long allocated(Router router, RequestHead... requests) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        // The first rounds load classes and fill the thread's scratch.
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (RequestHead request : requests) {
                if (!(router.route(request, null) instanceof Route)) {
                    throw new AssertionError("not routed: " + request);
                }
            }
            bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return bytes;
    }
}
