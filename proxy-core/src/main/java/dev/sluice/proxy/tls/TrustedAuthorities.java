package dev.sluice.proxy.tls;

import dev.sluice.proxy.tls.pem.CredentialException;
import dev.sluice.proxy.tls.pem.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of authorities and what they have revoked, as a check of a peer's chain. Immutable. */
final class TrustedAuthorities {
    /** Where operating systems keep theirs, as one file; the first that is there counts. */
    private static final List<String> SYSTEM_FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/cacert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private final String name;
    private final List<X509Certificate> certificates;
    private final X509TrustManager pkix;

    private TrustedAuthorities(String name, List<X509Certificate> certificates, X509TrustManager pkix) {
        this.name = name;
        this.certificates = certificates;
        this.pkix = pkix;
    }

    /**
     * Those of a PEM text.
     *
     * @param name for messages
     * @param crl PEM of revocation lists; null for none. With one, every authority of a chain needs its own
     */
    static TrustedAuthorities read(String name, byte[] pem, byte @Nullable [] crl) throws CredentialException {
        List<X509Certificate> certificates = Credential.certificates(pem, name);
        if (certificates.isEmpty()) {
            throw new CredentialException(name + ": there is no certificate of an authority in it");
        }
        return new TrustedAuthorities(name, certificates, pkix(name, certificates, crl));
    }

    /** The operating system's; where it has none that is known, the Java runtime's. */
    static TrustedAuthorities system(byte @Nullable [] crl) throws CredentialException {
        for (String file : SYSTEM_FILES) {
            Path path = Path.of(file);
            if (Files.isReadable(path)) {
                try {
                    return read("the system's authorities", Files.readAllBytes(path), crl);
                } catch (IOException e) {
                    throw new CredentialException(file + ": cannot be read", e);
                }
            }
        }
        List<X509Certificate> own = runtimes();
        return new TrustedAuthorities("the Java runtime's authorities", own, pkix("the Java runtime", own, crl));
    }

    private static List<X509Certificate> runtimes() throws CredentialException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return List.of(only(factory).getAcceptedIssuers());
        } catch (GeneralSecurityException e) {
            throw new CredentialException("the Java runtime has no trusted authorities", e);
        }
    }

    private static X509TrustManager pkix(String name, List<X509Certificate> certificates, byte @Nullable [] crl)
            throws CredentialException {
        try {
            Set<TrustAnchor> anchors = certificates.stream()
                    .map(certificate -> new TrustAnchor(certificate, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            if (crl != null) {
                revocation(parameters, crls(name, crl));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return only(factory);
        } catch (GeneralSecurityException e) {
            throw new CredentialException(name + ": cannot be used: " + e.getMessage(), e);
        }
    }

    /** Lists only: asking an OCSP responder would block, and send who connects to whom to a third party. */
    private static void revocation(PKIXBuilderParameters parameters, List<CRL> lists) throws GeneralSecurityException {
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
    }

    private static List<CRL> crls(String name, byte[] pem) throws CredentialException {
        List<CRL> lists = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(pem, name)) {
            if (block.label().endsWith("CRL")) {
                try {
                    lists.add(
                            CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(block.der())));
                } catch (GeneralSecurityException e) {
                    throw new CredentialException(name + ": a revocation list cannot be read: " + e.getMessage(), e);
                }
            }
        }
        if (lists.isEmpty()) {
            throw new CredentialException(name + ": there is no revocation list in its file");
        }
        return lists;
    }

    private static X509TrustManager only(TrustManagerFactory factory) throws CredentialException {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new CredentialException("the Java runtime cannot check certificates");
    }

    /** For messages. */
    String name() {
        return name;
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    /** Checks chains; thread-safe. */
    X509TrustManager pkix() {
        return pkix;
    }
}
