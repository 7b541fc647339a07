package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Localities of one list, in its order: none may be a part of an earlier one. A wildcard may follow parts of it, for it
 * then stands for the rest ({@code us/west} before {@code us/*}); a locality that leaves its zone out may not.
 */
final class LocalitySet {
    private static final int SEGMENTS = 3;

    private final Report report;
    /** By what they stand for, a wildcard at the end cut off: as they are written. */
    private final Map<String, String> known = new HashMap<>();
    /** Everything that has a known locality in it. */
    private final Map<String, String> above = new HashMap<>();

    LocalitySet(Report report) {
        this.report = report;
    }

    void add(String locality, Place place) {
        int star = locality.indexOf('*');
        if (star >= 0 && star != locality.length() - 1) {
            report.error(place, Quote.of(locality) + " must have its wildcard at the end, and one only");
            return;
        }
        List<String> segments = segments(locality);
        if (segments.contains("")) {
            report.error(place, Quote.of(locality) + " must not have an empty region, zone or subzone");
            return;
        }
        boolean wildcard = segments.get(segments.size() - 1).equals("*");
        if (wildcard) {
            segments.remove(segments.size() - 1);
        }
        String whole = String.join("/", segments);
        String other = wildcard ? null : above.get(whole);
        for (int i = segments.size(); i >= 0 && other == null; i--) {
            other = known.get(String.join("/", segments.subList(0, i)));
        }
        if (other != null) {
            report.error(place, Quote.of(locality) + " overlaps with " + Quote.of(other));
            return;
        }
        known.put(whole, locality);
        for (int i = 0; i < segments.size(); i++) {
            above.putIfAbsent(String.join("/", segments.subList(0, i)), locality);
        }
    }

    private static List<String> segments(String locality) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        int slash = locality.indexOf('/');
        while (slash >= 0 && segments.size() < SEGMENTS - 1) {
            segments.add(locality.substring(from, slash));
            from = slash + 1;
            slash = locality.indexOf('/', from);
        }
        segments.add(locality.substring(from));
        return segments;
    }
}
