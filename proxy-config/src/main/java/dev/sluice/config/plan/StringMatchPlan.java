package dev.sluice.config.plan;

/** How one string is matched; always with case unless the condition says otherwise. */
public sealed interface StringMatchPlan {
    /** The whole string. */
    record Exact(String value) implements StringMatchPlan {}

    /** A plain prefix, no path segment boundary. */
    record Prefix(String value) implements StringMatchPlan {}

    /** RE2 on the whole input (anchored at both ends); validated to compile. */
    record Regex(String pattern) implements StringMatchPlan {}

    /** The header or query key is present, whatever its value. */
    record Present() implements StringMatchPlan {}
}
