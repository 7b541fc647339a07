package dev.sluice.config.translate;

import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.chain.PeerChecksPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan.ClientCertificate;
import dev.sluice.config.plan.chain.TlsVersions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS as a line of text; what has its default is left out. */
final class TlsText {
    private TlsText() {}

    static String server(ServerTlsPlan tls) {
        List<String> parts = new ArrayList<>();
        parts.add("tls by " + tls.certificates());
        if (tls.clientCertificate() != ClientCertificate.NONE) {
            parts.add("clients " + tls.clientCertificate());
        }
        addAuthority(tls.ca(), parts);
        addChecks(tls.checks(), parts);
        if (tls.admitsUnverified()) {
            parts.add("unverified too");
        }
        if (!tls.versions().equals(TlsVersions.DEFAULT)) {
            parts.add(tls.versions().min() + " to " + tls.versions().max());
        }
        if (!tls.cipherSuites().isEmpty()) {
            parts.add("suites " + tls.cipherSuites());
        }
        parts.add("alpn " + tls.alpn());
        return String.join(", ", parts);
    }

    static String client(ClientTlsPlan tls) {
        List<String> parts = new ArrayList<>();
        parts.add("tls as " + (tls.certificate() == null ? "nobody" : tls.certificate()));
        addAuthority(tls.ca(), parts);
        if (tls.serverName() != null) {
            parts.add("to " + tls.serverName());
        }
        addChecks(tls.checks(), parts);
        if (tls.verifyRequestHost()) {
            parts.add("host checked");
        }
        if (tls.mesh()) {
            parts.add("mesh");
        }
        return String.join(", ", parts);
    }

    private static void addAuthority(@Nullable CaPlan ca, List<String> parts) {
        if (ca != null) {
            String crl = ca.crlFile() == null ? "" : " less " + ca.crlFile();
            parts.add("signed by "
                    + (ca.isSystem() ? "system" : ca.file() != null ? ca.file() : String.valueOf(ca.credential()))
                    + crl);
        }
    }

    private static void addChecks(PeerChecksPlan checks, List<String> parts) {
        if (!checks.equals(PeerChecksPlan.NONE)) {
            parts.add("names " + checks.subjectAltNames() + " keys " + checks.spkiHashes() + " hashes "
                    + checks.certificateHashes());
        }
    }
}
