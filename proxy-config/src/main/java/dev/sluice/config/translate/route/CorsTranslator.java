package dev.sluice.config.translate.route;

import com.google.re2j.Pattern;
import dev.sluice.config.crd.CorsPolicy;
import dev.sluice.config.crd.CorsPolicy.UnmatchedPreflights;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CORS (spec §1.9). */
final class CorsTranslator {
    /** Every origin, also the text that stands for every origin. */
    private static final List<StringMatchPlan> ANY_ORIGIN = List.of(new StringMatchPlan.Prefix(""));

    private CorsTranslator() {}

    static @Nullable CorsPlan cors(@Nullable CorsPolicy policy) {
        if (policy == null) {
            return null;
        }
        return new CorsPlan(
                origins(policy),
                joined(policy.allowMethods()),
                joined(policy.allowHeaders()),
                joined(policy.exposeHeaders()),
                policy.maxAge() == null ? -1 : policy.maxAge().toSeconds(),
                Boolean.TRUE.equals(policy.allowCredentials()),
                policy.unmatchedPreflights() == UnmatchedPreflights.IGNORE);
    }

    private static List<StringMatchPlan> origins(CorsPolicy policy) {
        List<StringMatchPlan> origins = new ArrayList<>();
        for (StringMatch written : policy.allowOrigins()) {
            StringMatchPlan origin = MatchTranslator.value(written);
            if (origin != null) {
                origins.add(origin);
            }
        }
        if (policy.allowOrigins().isEmpty()) {
            policy.allowOrigin().forEach(origin -> origins.add(new StringMatchPlan.Exact(origin)));
        }
        return origins.stream().anyMatch(CorsTranslator::takesAsterisk) ? ANY_ORIGIN : origins;
    }

    /** A matcher that takes a literal asterisk allows every origin. */
    private static boolean takesAsterisk(StringMatchPlan origin) {
        if (origin instanceof StringMatchPlan.Exact exact) {
            return exact.value().equals("*");
        }
        if (origin instanceof StringMatchPlan.Prefix prefix) {
            return "*".startsWith(prefix.value());
        }
        return origin instanceof StringMatchPlan.Regex regex && Pattern.matches(regex.pattern(), "*");
    }

    private static @Nullable String joined(List<String> values) {
        return values.isEmpty() ? null : String.join(",", values);
    }
}
