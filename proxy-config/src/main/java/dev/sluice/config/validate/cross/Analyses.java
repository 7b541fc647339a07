package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.world.World;
import java.util.function.Consumer;

/** Every analysis there is, one after the other over the same indexes. */
public final class Analyses {
    private Analyses() {}

    /**
     * @param identity whom the configuration is for
     * @param formats what its proxy makes of command operators
     * @param out takes the findings, in no order
     */
    public static void run(CrdSet set, Identity identity, Formats formats, Consumer<Finding> out) {
        World world = new World(set, identity, out);
        DestinationAnalysis.run(world);
        MeshHostAnalysis.run(world);
        BindingAnalysis.run(world);
        ServerRuleAnalysis.run(world);
        DelegateAnalysis.run(world);
        IngressRuleAnalysis.run(world);
        ClaimAnalysis.run(world);
        PathAnalysis.run(world);
        GatewayAnalysis.run(world);
        GatewayPortAnalysis.run(world);
        CertificateAnalysis.run(world);
        SidecarAnalysis.run(world);
        RuleHostAnalysis.run(world);
        EjectionAnalysis.run(world);
        VerificationAnalysis.run(world);
        EntryAddressAnalysis.run(world);
        EntryProtocolAnalysis.run(world);
        FormatAnalysis.run(world, formats);
        IdleAnalysis.run(world);
    }
}
