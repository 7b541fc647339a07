package dev.sluice.proxy.policy.cors;

import com.google.re2j.Pattern;
import dev.sluice.config.plan.StringMatchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Whether an origin is allowed; a matcher that also takes the literal {@code *} takes every origin. Pure; immutable. */
final class AllowedOrigins {
    private final boolean any;
    private final List<Predicate<CharSequence>> matchers = new ArrayList<>();

    AllowedOrigins(List<StringMatchPlan> plans) {
        for (StringMatchPlan plan : plans) {
            matchers.add(compile(plan));
        }
        this.any = matchers.stream().anyMatch(matcher -> matcher.test("*"));
    }

    private static Predicate<CharSequence> compile(StringMatchPlan plan) {
        if (plan instanceof StringMatchPlan.Exact exact) {
            return origin -> exact.value().contentEquals(origin);
        }
        if (plan instanceof StringMatchPlan.Prefix prefix) {
            return origin -> origin.toString().startsWith(prefix.value());
        }
        if (plan instanceof StringMatchPlan.Regex regex) {
            Pattern pattern = Pattern.compile(regex.pattern());
            return origin -> pattern.matcher(origin).matches();
        }
        return origin -> true;
    }

    boolean allow(CharSequence origin) {
        if (any) {
            return true;
        }
        for (Predicate<CharSequence> matcher : matchers) {
            if (matcher.test(origin)) {
                return true;
            }
        }
        return false;
    }
}
