package dev.sluice.config.plan.words;

/** A host with a leading {@code *} (spec/istio-fields.md §0.2): what follows the star is a literal ending. */
public final class WildcardHost {
    private WildcardHost() {}

    /**
     * Whether {@code name} ends as {@code wildcard} does. Compares letter by letter and allocates nothing.
     *
     * @param wildcard which begins with {@code *}
     * @param least characters that its star stands for at least
     */
    public static boolean covers(String wildcard, String name, int least) {
        int ending = wildcard.length() - 1;
        return name.length() - least >= ending && name.regionMatches(name.length() - ending, wildcard, 1, ending);
    }
}
