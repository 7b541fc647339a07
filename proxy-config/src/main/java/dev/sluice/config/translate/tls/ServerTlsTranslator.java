package dev.sluice.config.translate.tls;

import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.crd.ServerTlsSettings.TlsCertificate;
import dev.sluice.config.crd.ServerTlsSettings.TlsProtocol;
import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.CredentialPlan;
import dev.sluice.config.plan.chain.CredentialPlan.Files;
import dev.sluice.config.plan.chain.CredentialPlan.Named;
import dev.sluice.config.plan.chain.PeerChecksPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan.ClientCertificate;
import dev.sluice.config.plan.chain.TlsVersions;
import dev.sluice.config.plan.chain.TlsVersions.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How TLS ends at a server (spec §3.2). */
public final class ServerTlsTranslator {
    /** Also where bytes are inside, as in Istio: clients of gRPC give up where no h2 is agreed on. */
    private static final List<String> ALPN = List.of("h2", "http/1.1");

    private final Credentials credentials;

    public ServerTlsTranslator(Credentials credentials) {
        this.credentials = credentials;
    }

    /** Whether TLS ends at the server, rather than passing through. */
    public static boolean ends(@Nullable ServerTlsSettings tls) {
        return tls != null
                && tls.mode() != null
                && tls.mode() != Mode.PASSTHROUGH
                && tls.mode() != Mode.AUTO_PASSTHROUGH;
    }

    /**
     * The plan of a server at which TLS ends.
     *
     * @param owner namespace of the object
     */
    public ServerTlsPlan plan(ServerTlsSettings tls, String owner) {
        ClientCertificate client =
                switch (tls.mode() == null ? Mode.SIMPLE : tls.mode()) {
                    case MUTUAL, ISTIO_MUTUAL -> ClientCertificate.REQUIRED;
                    case OPTIONAL_MUTUAL -> ClientCertificate.OPTIONAL;
                    default -> ClientCertificate.NONE;
                };
        boolean asks = client != ClientCertificate.NONE;
        return new ServerTlsPlan(
                client,
                certificates(tls, owner),
                asks ? authorities(tls, owner) : null,
                asks ? checks(tls) : PeerChecksPlan.NONE,
                asks && Boolean.TRUE.equals(tls.insecureSkipVerify()),
                versions(tls),
                tls.cipherSuites().stream().distinct().toList(),
                ALPN,
                tls.at().ref());
    }

    private List<CredentialPlan> certificates(ServerTlsSettings tls, String owner) {
        List<CredentialPlan> found = new ArrayList<>();
        if (tls.mode() == Mode.ISTIO_MUTUAL) {
            found.add(credentials.workload());
            return found;
        }
        for (String name : names(tls)) {
            found.add(credentials.named(name, owner));
        }
        if (found.isEmpty()) {
            for (TlsCertificate pair : tls.tlsCertificates()) {
                addFiles(pair.serverCertificate(), pair.privateKey(), found);
            }
        }
        if (found.isEmpty()) {
            addFiles(tls.serverCertificate(), tls.privateKey(), found);
        }
        return found;
    }

    private static List<String> names(ServerTlsSettings tls) {
        String one = tls.credentialName();
        return one == null || one.isEmpty() ? tls.credentialNames() : List.of(one);
    }

    private static void addFiles(@Nullable String certificate, @Nullable String key, List<CredentialPlan> to) {
        if (certificate != null && key != null) {
            to.add(new Files(certificate, key));
        }
    }

    private CaPlan authorities(ServerTlsSettings tls, String owner) {
        String crl = tls.caCrl();
        if (tls.mode() == Mode.ISTIO_MUTUAL) {
            return new CaPlan(null, credentials.workload(), crl);
        }
        String own = tls.caCertCredentialName();
        if (own != null && !own.isEmpty()) {
            return new CaPlan(null, credentials.named(own, owner), crl);
        }
        List<String> names = names(tls);
        if (!names.isEmpty()) {
            Named first = credentials.named(names.get(0), owner);
            return new CaPlan(null, first, crl);
        }
        String file = tls.caCertificates();
        for (TlsCertificate pair : tls.tlsCertificates()) {
            file = file == null ? pair.caCertificates() : file;
        }
        return new CaPlan(file, null, crl);
    }

    private static PeerChecksPlan checks(ServerTlsSettings tls) {
        List<String> hashes = tls.verifyCertificateHash().stream()
                .map(hash -> hash.replace(":", "").toLowerCase(Locale.ROOT))
                .toList();
        return new PeerChecksPlan(tls.subjectAltNames(), tls.verifyCertificateSpki(), hashes);
    }

    private static TlsVersions versions(ServerTlsSettings tls) {
        return new TlsVersions(
                version(tls.minProtocolVersion(), Version.TLS_1_2), version(tls.maxProtocolVersion(), Version.TLS_1_3));
    }

    private static Version version(@Nullable TlsProtocol written, Version otherwise) {
        return switch (written == null ? TlsProtocol.TLS_AUTO : written) {
            case TLS_AUTO -> otherwise;
            case TLSV1_0 -> Version.TLS_1_0;
            case TLSV1_1 -> Version.TLS_1_1;
            case TLSV1_2 -> Version.TLS_1_2;
            case TLSV1_3 -> Version.TLS_1_3;
        };
    }
}
