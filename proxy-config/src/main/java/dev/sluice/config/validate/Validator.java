package dev.sluice.config.validate;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.mesh.IstioOperator;
import dev.sluice.config.crd.mesh.MeshFile;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.listener.GatewayRules;
import dev.sluice.config.validate.listener.SidecarRules;
import dev.sluice.config.validate.policy.DestinationRuleRules;
import dev.sluice.config.validate.policy.MeshRules;
import dev.sluice.config.validate.route.VirtualServiceRules;
import dev.sluice.config.validate.rule.MetadataRules;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.service.ServiceEntryRules;
import dev.sluice.config.validate.service.WorkloadEntryRules;
import java.util.ArrayList;
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

    /** The findings about one object, in the order of lines. */
    public static List<Finding> validate(CrdObject object) {
        List<Finding> findings = new ArrayList<>();
        validate(object, findings::add);
        return Finding.inOrder(findings);
    }

    private static void validate(CrdObject object, Consumer<Finding> out) {
        Report report = new Report(object, out);
        MetadataRules.check(object, report);
        if (object instanceof VirtualService service) {
            VirtualServiceRules.check(service, report);
        } else if (object instanceof DestinationRule rule) {
            DestinationRuleRules.check(rule, report);
        } else if (object instanceof Gateway gateway) {
            GatewayRules.check(gateway, report);
        } else if (object instanceof ServiceEntry entry) {
            ServiceEntryRules.check(entry, report);
        } else if (object instanceof WorkloadEntry entry) {
            WorkloadEntryRules.check(entry, report);
        } else if (object instanceof Sidecar sidecar) {
            SidecarRules.check(sidecar, report);
        } else if (object instanceof MeshFile file) {
            MeshRules.check(file.config(), report);
        } else if (object instanceof IstioOperator operator) {
            MeshRules.check(operator.meshConfig(), report);
        }
    }
}
