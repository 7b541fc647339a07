package dev.sluice.config.source;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.validate.Finding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load gave. Immutable.
 *
 * @param set what is in force: every valid object and, on a reload, the last good version of each that is not
 * @param written what the files say now, invalid objects with their gaps included: for findings across documents
 * @param findings in order of file and line
 * @param files how many files there are
 * @param changed what differs from the result before, where that is only what some VirtualServices say: those that now
 *     count by those that did, compared by identity; null where more differs
 * @param moved whether objects that did not change are at other lines than they were, where {@code changed} is not null
 */
public record LoadResult(
        CrdSet set,
        CrdSet written,
        List<Finding> findings,
        int files,
        @Nullable Map<VirtualService, VirtualService> changed,
        boolean moved) {
    public LoadResult {
        findings = List.copyOf(findings);
    }

    /** Whether a finding refuses {@code run} at start; on a reload, whether something is not in force as written. */
    public boolean blocked() {
        return findings.stream().anyMatch(Finding::blocking);
    }
}
