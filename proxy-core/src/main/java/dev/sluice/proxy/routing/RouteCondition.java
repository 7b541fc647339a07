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

    /** @param negated of withoutHeaders: must not be satisfied */
    RouteCondition(ConditionPlan plan, RequestField field, StringMatcher matcher, boolean negated) {
        this.plan = plan;
        this.field = field;
        this.matcher = matcher;
        this.negated = negated;
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
        if (!negated) {
            return field.matches(head, pathEnd, matcher);
        }
        CharSequence value = field.read(head, pathEnd);
        if (matcher.isPresence()) {
            return value == null;
        }
        // A missing header counts as the empty string (spec/istio-fields.md §1.2).
        return !matcher.matches(value == null ? "" : value);
    }
}
