package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.match.StringMatcher;
import dev.sluice.proxy.stream.RequestHead;

/** One condition of a rule, compiled, with what the user wrote. Immutable. */
final class RouteCondition {
    private final ConditionPlan plan;
    private final RequestField field;
    private final StringMatcher matcher;
    private final boolean negated;
    private final boolean missingMatches;

    /** @param negated of withoutHeaders: must not be satisfied */
    RouteCondition(ConditionPlan plan, RequestField field, StringMatcher matcher, boolean negated) {
        this.plan = plan;
        this.field = field;
        this.matcher = matcher;
        this.negated = negated;
        // Negated, a missing header counts as the empty string (spec/istio-fields.md §1.2).
        this.missingMatches = negated && !matcher.isPresence() && matcher.matches("");
    }

    ConditionPlan plan() {
        return plan;
    }

    RequestField field() {
        return field;
    }

    boolean isNegated() {
        return negated;
    }

    boolean holds(RequestHead head, int pathEnd) {
        boolean matches = field.matches(head, pathEnd, matcher);
        return negated ? !matches && !(missingMatches && field.read(head, pathEnd) == null) : matches;
    }
}
