package dev.sluice.config.plan.policy;

import org.jspecify.annotations.Nullable;

/** How one string is matched; always with case unless the condition says otherwise. */
public sealed interface StringMatchPlan {
    /** The whole string. */
    record Exact(String value) implements StringMatchPlan {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Exact exact && value.equals(exact.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /** A plain prefix, no path segment boundary. */
    record Prefix(String value) implements StringMatchPlan {}

    /** RE2 on the whole input (anchored at both ends); validated to compile. */
    record Regex(String pattern) implements StringMatchPlan {}

    /** The header or query key is present, whatever its value. */
    record Present() implements StringMatchPlan {}
}
