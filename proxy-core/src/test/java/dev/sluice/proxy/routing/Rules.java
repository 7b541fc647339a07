package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules and virtual hosts for tests, as the translator would compile them. */
final class Rules {
    private Rules() {}

    static StringMatchPlan exact(String value) {
        return new StringMatchPlan.Exact(value);
    }

    static StringMatchPlan prefix(String value) {
        return new StringMatchPlan.Prefix(value);
    }

    static StringMatchPlan regex(String pattern) {
        return new StringMatchPlan.Regex(pattern);
    }

    static StringMatchPlan present() {
        return new StringMatchPlan.Present();
    }

    static ConditionPlan condition(String field, String key, StringMatchPlan value) {
        return new ConditionPlan(field, key, value, SourceRef.NONE);
    }

    static MatchBuilder match() {
        return new MatchBuilder();
    }

    static Route route(int index, MatchPlan match) {
        RuleRef rule = new RuleRef("default/test", index, 0, "rule-" + index, SourceRef.NONE);
        RoutePlan plan =
                new RoutePlan(rule, match, new RouteActionPlan.Dead("a test forwards nothing"), HeaderPlan.NONE);
        return new Route(plan, List.of(), exchange -> {
            throw new AssertionError("no test runs stages");
        });
    }

    static VirtualHost host(List<String> domains, boolean httpsRedirect, List<MatchPlan> rules) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            routes.add(route(i, rules.get(i)));
        }
        List<RoutePlan> plans = routes.stream().map(Route::plan).toList();
        return new VirtualHost(new VirtualHostPlan(domains.get(0), domains, plans, List.of(), httpsRedirect), routes);
    }

    static VirtualHost host(List<MatchPlan> rules) {
        return host(List.of("*"), false, rules);
    }

    /** Collects the conditions of one match block. */
    static final class MatchBuilder {
        private @Nullable ConditionPlan path;
        private @Nullable ConditionPlan scheme;
        private @Nullable ConditionPlan method;
        private @Nullable ConditionPlan authority;
        private boolean ignoreCase;
        private final List<ConditionPlan> headers = new ArrayList<>();
        private final List<ConditionPlan> without = new ArrayList<>();
        private final List<ConditionPlan> query = new ArrayList<>();

        MatchBuilder path(StringMatchPlan value) {
            path = condition("uri", "uri", value);
            return this;
        }

        MatchBuilder ignoreCase() {
            ignoreCase = true;
            return this;
        }

        MatchBuilder scheme(StringMatchPlan value) {
            scheme = condition("scheme", "scheme", value);
            return this;
        }

        MatchBuilder method(StringMatchPlan value) {
            method = condition("method", "method", value);
            return this;
        }

        MatchBuilder authority(StringMatchPlan value) {
            authority = condition("authority", "authority", value);
            return this;
        }

        MatchBuilder header(String name, StringMatchPlan value) {
            headers.add(condition("headers[" + name + "]", name, value));
            return this;
        }

        MatchBuilder without(String name, StringMatchPlan value) {
            without.add(condition("withoutHeaders[" + name + "]", name, value));
            return this;
        }

        MatchBuilder query(String key, StringMatchPlan value) {
            query.add(condition("queryParams[" + key + "]", key, value));
            return this;
        }

        MatchPlan plan() {
            return new MatchPlan(path, ignoreCase, scheme, method, authority, headers, without, query);
        }
    }
}
