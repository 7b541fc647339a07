package dev.sluice.config.validate.world;

import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.Quote;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * "Did you mean …?" for names that were not found. A search looks at every candidate, so one analysis has a budget of
 * candidates; ten thousand wrong names do not need ten thousand hints.
 */
public final class Hints {
    private static final int BUDGET = 200_000;

    private final Map<String, String> known = new HashMap<>();
    private int spent;

    /** The nearest candidate, or null. */
    @Nullable
    public String near(String scope, Collection<String> candidates, String name) {
        String key = scope + "|" + name;
        String before = known.get(key);
        if (before != null) {
            return before.isEmpty() ? null : before;
        }
        if (spent > BUDGET) {
            return null;
        }
        spent += candidates.size();
        String near = NearestName.among(candidates, name);
        known.put(key, near == null ? "" : near);
        return near;
    }

    /** The same as the end of a sentence; empty for none. */
    public String didYouMean(String scope, Collection<String> candidates, String name) {
        String near = near(scope, candidates, name);
        return near == null ? "" : "; did you mean " + Quote.of(near) + "?";
    }
}
