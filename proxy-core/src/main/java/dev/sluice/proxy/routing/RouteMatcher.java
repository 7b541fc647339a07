package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.StringMatchPlan;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compiled match block. The index has found the path of a candidate already; {@link #matches} checks it all the same,
 * for it is the one definition of a match that the index, {@code explain} and the tests share. Immutable.
 */
final class RouteMatcher {
    private static final Condition[] ANY = {};

    private final Condition[] conditions;

    /** Compiles {@code plan}; conditions keep the order in which they are cheap to refute. */
    RouteMatcher(MatchPlan plan) {
        List<Condition> all = new ArrayList<>();
        if (plan.path() != null) {
            all.add(new Path(plan.path(), plan.ignorePathCase()));
        }
        if (plan.method() != null) {
            all.add(new Field(plan.method(), ":method"));
        }
        if (plan.scheme() != null) {
            all.add(new Field(plan.scheme(), ":scheme"));
        }
        if (plan.authority() != null) {
            all.add(new Field(plan.authority(), ":authority"));
        }
        plan.headers().forEach(condition -> all.add(new Header(condition)));
        plan.withoutHeaders().forEach(condition -> all.add(new WithoutHeader(condition)));
        plan.queryParams().forEach(condition -> all.add(new Query(condition)));
        this.conditions = all.isEmpty() ? ANY : all.toArray(ANY);
    }

    boolean matches(RequestFacts request) {
        for (Condition condition : conditions) {
            if (!condition.holds(request)) {
                return false;
            }
        }
        return true;
    }

    /** The first condition that does not hold; null when all do. */
    @Nullable
    ConditionPlan firstFailure(RequestFacts request) {
        for (Condition condition : conditions) {
            if (!condition.holds(request)) {
                return condition.plan;
            }
        }
        return null;
    }

    private abstract static class Condition {
        final ConditionPlan plan;
        final StringMatcher matcher;

        Condition(ConditionPlan plan, boolean ignoreCase) {
            this.plan = plan;
            this.matcher = StringMatcher.of(plan.value(), ignoreCase);
        }

        abstract boolean holds(RequestFacts request);
    }

    private static final class Path extends Condition {
        Path(ConditionPlan plan, boolean ignoreCase) {
            super(plan, ignoreCase);
        }

        @Override
        boolean holds(RequestFacts request) {
            return matcher.matches(request.path());
        }
    }

    private static final class Field extends Condition {
        private final String name;

        Field(ConditionPlan plan, String name) {
            super(plan, false);
            this.name = name;
        }

        @Override
        boolean holds(RequestFacts request) {
            return matcher.matches(
                    switch (name) {
                        case ":method" -> request.head().method();
                        case ":scheme" -> request.head().scheme();
                        default -> request.head().authority();
                    });
        }
    }

    private static final class Header extends Condition {
        private final AsciiString name;

        Header(ConditionPlan plan) {
            super(plan, false);
            this.name = AsciiString.cached(plan.key());
        }

        @Override
        boolean holds(RequestFacts request) {
            return matcher.matches(request.header(name));
        }
    }

    private static final class WithoutHeader extends Condition {
        private final AsciiString name;
        private final boolean presence;

        WithoutHeader(ConditionPlan plan) {
            super(plan, false);
            this.name = AsciiString.cached(plan.key());
            this.presence = plan.value() instanceof StringMatchPlan.Present;
        }

        @Override
        boolean holds(RequestFacts request) {
            CharSequence value = request.header(name);
            // A missing header counts as the empty string for every matcher but presence (spec §1.2).
            return presence ? value == null : !matcher.matches(value == null ? "" : value);
        }
    }

    private static final class Query extends Condition {
        Query(ConditionPlan plan) {
            super(plan, false);
        }

        @Override
        boolean holds(RequestFacts request) {
            return matcher.matches(request.query(plan.key()));
        }
    }
}
