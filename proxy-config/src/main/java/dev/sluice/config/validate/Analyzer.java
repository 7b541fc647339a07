package dev.sluice.config.validate;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.validate.cross.Analyses;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds all objects of a configuration against each other (spec §10): names that lead nowhere, hosts claimed twice, rules
 * that another object makes useless, with Istio's codes and levels. None of these findings refuses a configuration.
 *
 * <p>Pure; any thread. The cost grows with the size of the documents, not with the number of pairs among them.
 */
public final class Analyzer {
    private Analyzer() {}

    /**
     * The findings across documents, in the order of files and lines.
     *
     * @param identity the workload that the configuration is for
     * @param formats what its proxy makes of command operators
     */
    public static List<Finding> analyze(CrdSet set, Identity identity, Formats formats) {
        List<Finding> findings = new ArrayList<>();
        Analyses.run(set, identity, formats, findings::add);
        return Finding.inOrder(findings);
    }
}
