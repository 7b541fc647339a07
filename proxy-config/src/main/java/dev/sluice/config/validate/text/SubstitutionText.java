package dev.sluice.config.validate.text;

import com.google.re2j.Pattern;
import dev.sluice.config.crd.tree.Quote;
import org.jspecify.annotations.Nullable;

/** What a regular expression's hits are replaced with: text, {@code \0} to {@code \9} for groups, {@code \\}. */
public final class SubstitutionText {
    private SubstitutionText() {}

    /**
     * Why {@code substitution} cannot be used, as the end of a sentence; null when it can. Envoy refuses the same.
     *
     * @param expression whose hits are replaced; what is wrong with itself is not told here
     */
    public static @Nullable String problem(String expression, String substitution) {
        if (RegexText.problem(expression) != null) {
            return null;
        }
        int groups = Pattern.compile(expression).groupCount();
        for (int at = substitution.indexOf('\\'); at >= 0; at = substitution.indexOf('\\', at + 2)) {
            char next = at + 1 < substitution.length() ? substitution.charAt(at + 1) : 0;
            if (next >= '0' && next <= '9') {
                if (next - '0' > groups) {
                    return Quote.of(substitution) + " names group " + next + ", but match has "
                            + (groups == 1 ? "one group" : groups + " groups");
                }
            } else if (next != '\\') {
                return Quote.of(substitution) + " has a backslash that neither a digit nor another backslash follows";
            }
        }
        return null;
    }
}
