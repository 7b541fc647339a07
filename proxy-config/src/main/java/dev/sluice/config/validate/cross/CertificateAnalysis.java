package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gateways of one workload with one certificate: clients reuse a connection of the one for the other (IST0138). */
final class CertificateAnalysis {
    private CertificateAnalysis() {}

    private record Use(Gateway gateway, ServerTlsSettings tls) {}

    static void run(World world) {
        Map<String, Overlaps<Use>> uses = new HashMap<>();
        for (Gateway gateway : world.set().gateways()) {
            for (Gateway.Server server : gateway.servers()) {
                ServerTlsSettings tls = server.tls();
                String name = tls == null ? null : tls.credentialName();
                if (tls != null && name != null && !name.isEmpty()) {
                    uses.computeIfAbsent(name, key -> new Overlaps<>()).add(gateway.selector(), new Use(gateway, tls));
                }
            }
        }
        uses.forEach((name, all) -> all.groups().forEach(group -> check(name, group, world)));
    }

    private static void check(String name, List<Use> group, World world) {
        Use first = group.get(0);
        Use second = null;
        for (Use use : group) {
            second = second == null && !World.same(use.gateway(), first.gateway()) ? use : second;
        }
        if (second == null) {
            return;
        }
        for (Use use : group) {
            Gateway other = World.same(use.gateway(), first.gateway()) ? second.gateway() : first.gateway();
            if (world.once(use.tls(), 0)) {
                world.report(use.gateway())
                        .add(
                                Severity.WARNING,
                                Codes.DUPLICATE_CERTIFICATE,
                                Place.of(use.tls().at(), "credentialName"),
                                Quote.of(name) + " is also the certificate of Gateway "
                                        + other.metadata().id()
                                        + "; a client may use one connection for the hosts of both");
            }
        }
    }
}
