package dev.sluice.proxy.balance.selector;

/**
 * A place, {@code region/zone/subzone}, of which parts at the end may be missing (spec/istio-fields.md §2.4). Pure.
 *
 * @param region empty when unknown, as are the others
 */
record Locality(String region, String zone, String subzone) {
    private static final String ANY = "*";

    /** Reads the text form; a place that is not known is the empty text. */
    static Locality of(String text) {
        String[] parts = text.split("/", 3);
        return new Locality(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    /** Whether {@code pattern}, in which a star or a missing tail stands for anything, holds for the place {@code text}. */
    static boolean matches(String pattern, String text) {
        Locality wanted = of(pattern);
        Locality place = of(text);
        return (wanted.region.equals(ANY) || wanted.region.equals(place.region))
                && matchesPart(wanted.zone, place.zone)
                && matchesPart(wanted.subzone, place.subzone);
    }

    private static boolean matchesPart(String wanted, String part) {
        return wanted.isEmpty() || wanted.equals(ANY) || wanted.equals(part);
    }
}
