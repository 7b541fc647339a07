package dev.sluice.bench;

import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan.UnknownHost;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.Routing;
import dev.sluice.proxy.routing.VirtualHost;
import dev.sluice.proxy.stream.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One routing decision: path normalised, virtual host by authority, rule by index. What 10,000 rules cost is to be at most
 * twice what 10 do, in each shape.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class RouteMatchBenchmark {
    /** So many requests take turns, spread over the rules. A power of two. */
    private static final int REQUESTS = 64;

    @Param({"1", "10", "100", "10000"})
    public int rules;

    @Param
    public RuleShape shape = RuleShape.PREFIXES;

    private final RequestHead[] requests = new RequestHead[REQUESTS];
    private Router router = new Router(List.of(), UnknownHost.NOT_FOUND, PathNormalization.BASE);
    private int turn;

    @Setup
    public void setUp() {
        List<Route> routes = new ArrayList<>(rules);
        List<RoutePlan> plans = new ArrayList<>(rules);
        for (int i = 0; i < rules; i++) {
            RoutePlan plan = new RoutePlan(
                    new RuleRef("default/bench", i, 0, null, SourceRef.NONE),
                    shape.rule(i),
                    new RouteActionPlan.Dead("a benchmark forwards nothing"),
                    HeaderPlan.NONE);
            plans.add(plan);
            routes.add(new Route(plan, List.of(), exchange -> {}));
        }
        VirtualHostPlan host = new VirtualHostPlan("bench", List.of("bench.test"), plans, List.of(), false);
        router = new Router(List.of(new VirtualHost(host, routes)), UnknownHost.NOT_FOUND, PathNormalization.BASE);
        for (int i = 0; i < REQUESTS; i++) {
            int wanted = (int) ((long) i * rules / REQUESTS);
            requests[i] = shape.request(wanted);
            if (!(router.route(requests[i], null) instanceof Route route)
                    || route.plan().rule().index() != wanted) {
                throw new IllegalStateException("rule " + wanted + " does not take " + requests[i]);
            }
        }
    }

    @Benchmark
    public Routing route() {
        turn = (turn + 1) & (REQUESTS - 1);
        return router.route(requests[turn], null);
    }
}
