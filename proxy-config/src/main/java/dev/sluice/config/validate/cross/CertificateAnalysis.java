package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gateways of one workload with one certificate: clients reuse a connection of the one for the other (IST0138). */
final class CertificateAnalysis {
    private CertificateAnalysis() {}

    /**
     * A certificate by where it comes from.
     *
     * @param field that names it
     * @param name a secret's, or a file's
     * @param key file of the private key; empty for a secret
     */
    private record Certificate(String field, String name, String key) {
        static @Nullable Certificate of(ServerTlsSettings tls) {
            if (isGiven(tls.credentialName())) {
                return new Certificate("credentialName", String.valueOf(tls.credentialName()), "");
            }
            return isGiven(tls.serverCertificate()) && isGiven(tls.privateKey())
                    ? new Certificate(
                            "serverCertificate",
                            String.valueOf(tls.serverCertificate()),
                            String.valueOf(tls.privateKey()))
                    : null;
        }

        private static boolean isGiven(@Nullable String value) {
            return value != null && !value.isEmpty();
        }

        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Certificate certificate
                    && field.equals(certificate.field)
                    && name.equals(certificate.name)
                    && key.equals(certificate.key);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * field.hashCode() + name.hashCode()) + key.hashCode();
        }
    }

    private record Use(Gateway gateway, ServerTlsSettings tls) {}

    static void run(World world) {
        Map<Certificate, Overlaps<Use>> uses = new HashMap<>();
        for (Gateway gateway : world.set().gateways()) {
            for (Gateway.Server server : gateway.servers()) {
                ServerTlsSettings tls = server.tls();
                Certificate certificate = tls == null ? null : Certificate.of(tls);
                if (tls != null && certificate != null) {
                    uses.computeIfAbsent(certificate, key -> new Overlaps<>())
                            .add(gateway.selector(), new Use(gateway, tls));
                }
            }
        }
        uses.forEach((certificate, all) -> all.groups().forEach(group -> check(certificate, group, world)));
    }

    private static void check(Certificate certificate, List<Use> group, World world) {
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
                                Place.of(use.tls().at(), certificate.field()),
                                Quote.of(certificate.name()) + " is also the certificate of Gateway "
                                        + other.metadata().id()
                                        + "; a client may use one connection for the hosts of both");
            }
        }
    }
}
