package dev.sluice.config.translate.tls;

import dev.sluice.config.crd.ClientTlsSettings;
import dev.sluice.config.crd.ClientTlsSettings.Mode;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.chain.CredentialPlan;
import dev.sluice.config.plan.chain.CredentialPlan.Files;
import dev.sluice.config.plan.chain.PeerChecksPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a cluster (spec §2.7). A {@code credentialName} counts for every proxy: Istio's sidecars pass it over without
 * a workloadSelector because they could not get at the Secret, and this one has it. ISTIO_MUTUAL brings its own certificates
 * and is always checked, whatever else is written.
 */
public final class ClientTlsTranslator {
    private final Credentials credentials;

    public ClientTlsTranslator(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * The plan of a cluster; null where it is reached in the clear.
     *
     * @param owner namespace of the DestinationRule
     * @param serviceNames subjectAltNames of the service, for where the settings have none
     */
    public @Nullable ClientTlsPlan plan(
            @Nullable ClientTlsSettings tls, String owner, ClusterKey cluster, List<String> serviceNames) {
        Mode mode = tls == null ? null : tls.mode();
        if (tls == null || mode == null || mode == Mode.DISABLE) {
            return null;
        }
        boolean mesh = mode == Mode.ISTIO_MUTUAL;
        boolean skips = !mesh && Boolean.TRUE.equals(tls.insecureSkipVerify());
        List<String> names = tls.subjectAltNames().isEmpty() ? serviceNames : tls.subjectAltNames();
        PeerChecksPlan checks =
                skips || names.isEmpty() ? PeerChecksPlan.NONE : new PeerChecksPlan(names, List.of(), List.of());
        return new ClientTlsPlan(
                mode == Mode.SIMPLE ? null : certificate(tls, owner, mesh),
                skips ? null : authorities(tls, owner, mesh),
                serverName(tls, cluster, mesh),
                checks,
                !skips && !mesh && names.isEmpty(),
                mesh,
                tls.at().ref());
    }

    private static @Nullable String serverName(ClientTlsSettings tls, ClusterKey cluster, boolean mesh) {
        String written = tls.sni();
        if (written != null && !written.isEmpty()) {
            return written;
        }
        String subset = cluster.subset() == null ? "" : cluster.subset();
        return mesh ? "outbound_." + cluster.port() + "_." + subset + "_." + cluster.host() : null;
    }

    private CredentialPlan certificate(ClientTlsSettings tls, String owner, boolean mesh) {
        if (mesh) {
            return credentials.workload();
        }
        String certificate = tls.clientCertificate();
        String key = tls.privateKey();
        String name = tls.credentialName();
        if (name != null && !name.isEmpty()) {
            return credentials.named(name, owner);
        }
        if (certificate != null && key != null) {
            return new Files(certificate, key);
        }
        return new Files("", "");
    }

    private CaPlan authorities(ClientTlsSettings tls, String owner, boolean mesh) {
        String crl = tls.caCrl();
        if (mesh) {
            return new CaPlan(null, credentials.workload(), crl);
        }
        String file = tls.caCertificates();
        String name = tls.credentialName();
        if (name != null && !name.isEmpty()) {
            return new CaPlan(null, credentials.named(name, owner), crl);
        }
        if (file != null && !file.isEmpty() && !file.equals("system")) {
            return new CaPlan(file, null, crl);
        }
        return new CaPlan(null, null, crl);
    }
}
