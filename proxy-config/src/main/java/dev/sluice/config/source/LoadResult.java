package dev.sluice.config.source;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.validate.Finding;
import java.util.List;

/**
 * What a load gave. Immutable.
 *
 * @param set what is in force: every valid object and, on a reload, the last good version of each that is not
 * @param written what the files say now, invalid objects with their gaps included: for findings across documents
 * @param findings in order of file and line
 * @param files how many files there are
 */
public record LoadResult(CrdSet set, CrdSet written, List<Finding> findings, int files) {
    public LoadResult {
        findings = List.copyOf(findings);
    }

    /** Whether a finding refuses {@code run} at start; on a reload, whether something is not in force as written. */
    public boolean blocked() {
        return findings.stream().anyMatch(Finding::blocking);
    }
}
