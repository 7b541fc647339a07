package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.text.DnsText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who may see an object: {@code exportTo} (spec §11.7). */
public final class ExportToRules {
    private static final String EVERYBODY = "*";
    private static final String NOBODY = "~";

    private ExportToRules() {}

    /** @param nobody whether {@code ~} may stand there: only in a ServiceEntry */
    public static void check(Report report, MapNode part, List<String> exportTo, boolean nobody) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < exportTo.size(); i++) {
            String entry = exportTo.get(i);
            Place place = Place.of(part, "exportTo").item(i);
            if (!seen.add(entry.equals(".") ? report.namespace() : entry)) {
                report.error(
                        place,
                        Quote.of(entry) + " is there twice"
                                + (entry.equals(".") ? ": it is the own namespace, " + report.namespace() : ""));
            } else if (entry.equals(NOBODY) && !nobody) {
                report.error(place, "only a ServiceEntry may be exported to nobody (~)");
            } else if (!entry.equals(".")
                    && !entry.equals(EVERYBODY)
                    && !entry.equals(NOBODY)
                    && !DnsText.isLabel(entry)) {
                report.error(place, Quote.of(entry) + " must be a namespace, \".\" or \"*\"");
            }
        }
        alone(report, part, exportTo, EVERYBODY);
        if (nobody) {
            alone(report, part, exportTo, NOBODY);
        }
    }

    private static void alone(Report report, MapNode part, List<String> exportTo, String entry) {
        int at = exportTo.indexOf(entry);
        if (at >= 0 && exportTo.size() > 1) {
            report.error(
                    Place.of(part, "exportTo").item(at),
                    Quote.of(entry) + " must stand alone: it already says "
                            + (entry.equals(EVERYBODY) ? "everybody" : "nobody"));
        }
    }

    /** A rule for some workloads is for its own namespace only (spec §11.2). */
    public static void ownNamespaceOnly(Report report, MapNode part, List<String> exportTo) {
        for (int i = 0; i < exportTo.size(); i++) {
            String entry = exportTo.get(i);
            if (!entry.equals(".") && !entry.equals(report.namespace())) {
                report.error(
                        Place.of(part, "exportTo").item(i),
                        Quote.of(entry) + " goes beyond the own namespace, which a rule with a workloadSelector must"
                                + " not");
            }
        }
    }
}
