package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.match.StringMatcher;
import dev.sluice.proxy.stream.RequestHead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One compiled match block: the residue that is checked on a candidate. It checks the path too, which the index has found
 * already, for this is the one definition of a match that the index, {@code explain} and the tests share. Immutable.
 */
final class RouteMatcher {
    private static final RouteCondition[] ANY = {};

    private final RouteCondition[] conditions;

    private RouteMatcher(RouteCondition[] conditions) {
        this.conditions = conditions;
    }

    boolean matches(RequestHead head, int pathEnd) {
        return firstFailure(head, pathEnd) == null;
    }

    /** The first condition that does not hold, in the order of Istio's reference; null when all do. */
    @Nullable
    ConditionPlan firstFailure(RequestHead head, int pathEnd) {
        for (RouteCondition condition : conditions) {
            if (!condition.holds(head, pathEnd)) {
                return condition.plan();
            }
        }
        return null;
    }

    RouteCondition[] conditions() {
        return conditions;
    }

    /**
     * Compiles the rules of a virtual host. Rules that look at the same field or for the same text share the compiled object,
     * which is most of what a rule weighs. Used by one thread.
     */
    static final class Compiler {
        private final Map<String, RequestField> headers = new HashMap<>();
        private final Map<String, RequestField> queries = new HashMap<>();
        private final Map<StringMatchPlan, StringMatcher> matchers = new HashMap<>();
        private final Map<StringMatchPlan, StringMatcher> ignoringCase = new HashMap<>();

        RouteMatcher compile(MatchPlan plan) {
            List<RouteCondition> all = new ArrayList<>();
            ConditionPlan path = plan.path();
            if (path != null) {
                all.add(new RouteCondition(path, RequestField.URI, matcher(path, plan.ignorePathCase()), false));
            }
            add(all, plan.scheme(), RequestField.SCHEME);
            add(all, plan.method(), RequestField.METHOD);
            add(all, plan.authority(), RequestField.AUTHORITY);
            for (ConditionPlan header : plan.headers()) {
                add(all, header, header(header.key()));
            }
            for (ConditionPlan header : plan.withoutHeaders()) {
                all.add(new RouteCondition(header, header(header.key()), matcher(header, false), true));
            }
            for (ConditionPlan parameter : plan.queryParams()) {
                add(all, parameter, queries.computeIfAbsent(parameter.key(), RequestField::query));
            }
            return new RouteMatcher(all.isEmpty() ? ANY : all.toArray(ANY));
        }

        private void add(List<RouteCondition> to, @Nullable ConditionPlan plan, RequestField field) {
            if (plan != null) {
                to.add(new RouteCondition(plan, field, matcher(plan, false), false));
            }
        }

        private RequestField header(String name) {
            return headers.computeIfAbsent(name, RequestField::header);
        }

        private StringMatcher matcher(ConditionPlan condition, boolean ignoreCase) {
            return (ignoreCase ? ignoringCase : matchers)
                    .computeIfAbsent(condition.value(), value -> StringMatcher.of(value, ignoreCase));
        }
    }
}
