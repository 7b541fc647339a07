package dev.sluice.config.crd.schema;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who misspelt a name: the nearest by optimal string alignment distance, if it is near. */
public final class NearestName {
    private static final int MAX_LENGTH = 64;

    private NearestName() {}

    /**
     * The candidate nearest to {@code name}, or null when none is near: at most a third of the letters wrong (one at
     * least), counted without regard to case and to {@code _} and {@code -}.
     */
    public static @Nullable String among(Collection<String> candidates, String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return null;
        }
        String wanted = bare(name);
        String best = null;
        int bestDistance = Math.max(1, wanted.length() / 3) + 1;
        for (String candidate : candidates) {
            String other = bare(candidate);
            if (Math.abs(other.length() - wanted.length()) < bestDistance) {
                int distance = distance(wanted, other);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that make {@code a} into {@code b}. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                boolean swap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                row[j] = swap ? Math.min(least, beforeLast[j - 2] + 1) : least;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
