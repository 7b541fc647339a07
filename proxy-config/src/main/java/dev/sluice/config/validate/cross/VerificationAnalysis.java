package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.ClientTlsSettings;
import dev.sluice.config.crd.ClientTlsSettings.Mode;
import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.TrafficPolicy;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import org.jspecify.annotations.Nullable;

/** TLS to a server whose certificate nobody named an authority for: of a host (IST0128) and of a port (IST0129). */
final class VerificationAnalysis {
    private VerificationAnalysis() {}

    static void run(World world) {
        for (DestinationRule rule : world.set().destinationRules()) {
            TrafficPolicy policy = rule.trafficPolicy();
            if (policy != null) {
                check(rule, policy.tls(), Codes.NO_CA_FOR_HOST, world);
                policy.portLevelSettings().forEach(port -> check(rule, port.tls(), Codes.NO_CA_FOR_PORT, world));
            }
        }
    }

    private static void check(DestinationRule rule, @Nullable ClientTlsSettings tls, String code, World world) {
        if (tls == null || (tls.mode() != Mode.SIMPLE && tls.mode() != Mode.MUTUAL) || isGiven(tls.caCertificates())) {
            return;
        }
        boolean secret = isGiven(tls.credentialName());
        if (secret && rule.workloadSelector() != null) {
            return;
        }
        world.report(rule).add(Severity.WARNING, code, Place.of(tls.at(), "mode"), told(tls, secret));
    }

    private static String told(ClientTlsSettings tls, boolean secret) {
        if (Boolean.TRUE.equals(tls.insecureSkipVerify())) {
            return "with insecureSkipVerify no certificate is checked: whoever answers is believed";
        }
        return secret
                ? "Istio's sidecars verify by a credentialName only with a workloadSelector; here it counts"
                : "without caCertificates every authority that the system trusts is believed";
    }

    private static boolean isGiven(@Nullable String value) {
        return value != null && !value.isEmpty();
    }
}
