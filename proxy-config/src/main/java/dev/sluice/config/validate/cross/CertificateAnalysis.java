package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.TlsCertificate;
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
     * @param name a secret's, or a file's
     * @param key file of the private key; empty for a secret
     */
    private record Certificate(String name, String key) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Certificate certificate
                    && name.equals(certificate.name)
                    && key.equals(certificate.key);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + key.hashCode();
        }
    }

    /** @param index among the certificates of these settings */
    private record Use(Gateway gateway, ServerTlsSettings tls, int index, Place place) {}

    static void run(World world) {
        Map<Certificate, Overlaps<Use>> uses = new HashMap<>();
        for (Gateway gateway : world.set().gateways()) {
            for (Gateway.Server server : gateway.servers()) {
                if (server.tls() != null) {
                    add(gateway, server.tls(), uses);
                }
            }
        }
        uses.forEach((certificate, all) -> all.groups().forEach(group -> check(certificate, group, world)));
    }

    /** All that the settings name: by secrets, else by files in pairs, else by one pair, as they are used. */
    private static void add(Gateway gateway, ServerTlsSettings tls, Map<Certificate, Overlaps<Use>> uses) {
        if (isGiven(tls.credentialName())) {
            add(tls.credentialName(), "", new Use(gateway, tls, 0, Place.of(tls.at(), "credentialName")), uses);
            return;
        }
        for (int i = 0; i < tls.credentialNames().size(); i++) {
            Place place = Place.of(tls.at(), "credentialNames").item(i);
            add(tls.credentialNames().get(i), "", new Use(gateway, tls, i, place), uses);
        }
        if (!tls.credentialNames().isEmpty()) {
            return;
        }
        for (int i = 0; i < tls.tlsCertificates().size(); i++) {
            TlsCertificate pair = tls.tlsCertificates().get(i);
            Use use = new Use(gateway, tls, i, Place.of(pair.at(), "serverCertificate"));
            addFiles(pair.serverCertificate(), pair.privateKey(), use, uses);
        }
        if (tls.tlsCertificates().isEmpty()) {
            Use use = new Use(gateway, tls, 0, Place.of(tls.at(), "serverCertificate"));
            addFiles(tls.serverCertificate(), tls.privateKey(), use, uses);
        }
    }

    private static void addFiles(
            @Nullable String certificate, @Nullable String key, Use use, Map<Certificate, Overlaps<Use>> uses) {
        if (isGiven(certificate) && isGiven(key)) {
            add(certificate, String.valueOf(key), use, uses);
        }
    }

    private static void add(@Nullable String name, String key, Use use, Map<Certificate, Overlaps<Use>> uses) {
        uses.computeIfAbsent(new Certificate(String.valueOf(name), key), same -> new Overlaps<>())
                .add(use.gateway().selector(), use);
    }

    private static boolean isGiven(@Nullable String value) {
        return value != null && !value.isEmpty();
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
            if (world.once(use.tls(), use.index())) {
                world.report(use.gateway())
                        .add(
                                Severity.WARNING,
                                Codes.DUPLICATE_CERTIFICATE,
                                use.place(),
                                Quote.of(certificate.name()) + " is also the certificate of Gateway "
                                        + other.metadata().id()
                                        + "; a client may use one connection for the hosts of both");
            }
        }
    }
}
