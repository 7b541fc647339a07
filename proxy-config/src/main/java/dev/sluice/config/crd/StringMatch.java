package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import org.jspecify.annotations.Nullable;

/** How a string is compared; none of the three set asks only that it is there. */
public record StringMatch(MapNode at, @Nullable String exact, @Nullable String prefix, @Nullable String regex) {
    static Rules rules() {
        return new Rules().oneOf("exact", "prefix", "regex");
    }
}
