package dev.sluice.config.validate;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.rule.MetadataRules;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.VirtualServiceRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Holds every object, by itself, to Istio's validation (spec §11). What it would refuse is an error of code {@code
 * IST0106}, what it would warn of a warning; warnings of Sluice's own ({@code SLC01…}) name what is accepted although it
 * can have no effect. That a document is of the right form at all is the reader's business, which has told it before.
 *
 * <p>Pure; any thread. Never throws for what a document says, also not for a record with gaps.
 */
public final class Validator {
    private Validator() {}

    /** The findings about all objects of a set, in the order of files and lines. */
    public static List<Finding> validate(CrdSet set) {
        List<Finding> findings = new ArrayList<>();
        set.virtualServices().forEach(object -> validate(object, findings::add));
        Collections.sort(findings);
        return findings;
    }

    /** The findings about one object, in the order of lines. */
    public static List<Finding> validate(CrdObject object) {
        List<Finding> findings = new ArrayList<>();
        validate(object, findings::add);
        Collections.sort(findings);
        return findings;
    }

    private static void validate(CrdObject object, Consumer<Finding> out) {
        Report report = new Report(object, out);
        MetadataRules.check(object, report);
        if (object instanceof VirtualService service) {
            VirtualServiceRules.check(service, report);
        }
    }
}
