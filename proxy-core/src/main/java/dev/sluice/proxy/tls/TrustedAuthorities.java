package dev.sluice.proxy.tls;

import dev.sluice.proxy.tls.pem.CredentialException;
import dev.sluice.proxy.tls.pem.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
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

/**
 * Certificates of authorities and what they have revoked, as a check of a peer's chain. Thread-safe.
 *
 * <p>The JDK asks neither for the time of a trusted certificate nor whether it is revoked where a peer shows it as its own;
 * Envoy does, and so does this.
 */
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
    private final List<X509CRL> lists;
    /** Of all of them, whatever the time. */
    private final X509TrustManager all;

    private volatile InTime inTime;

    private TrustedAuthorities(String name, List<X509Certificate> certificates, List<X509CRL> lists)
            throws CredentialException {
        this.name = name;
        this.certificates = certificates;
        this.lists = lists;
        this.all = pkix(certificates);
        this.inTime = at(System.currentTimeMillis());
    }

    /**
     * Those that are in their time.
     *
     * @param pkix null where none is
     * @param from when it became so, in milliseconds of the epoch
     * @param until when the next one comes into its time or leaves it
     */
    private record InTime(@Nullable X509TrustManager pkix, long from, long until) {
        boolean holds(long now) {
            return now >= from && now < until;
        }
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
        return new TrustedAuthorities(name, certificates, crl == null ? List.of() : lists(name, crl));
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
        String runtime = "the Java runtime's authorities";
        return new TrustedAuthorities(runtime, runtimes(), crl == null ? List.of() : lists(runtime, crl));
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

    private InTime at(long now) throws CredentialException {
        List<X509Certificate> usable = new ArrayList<>(certificates.size());
        long from = Long.MIN_VALUE;
        long until = Long.MAX_VALUE;
        for (X509Certificate certificate : certificates) {
            long begins = certificate.getNotBefore().toInstant().toEpochMilli();
            // The last second counts (RFC 5280, section 4.1.2.5).
            long ends = certificate.getNotAfter().toInstant().toEpochMilli() + 1_000;
            for (long bound : new long[] {begins, ends}) {
                if (bound > now) {
                    until = Math.min(until, bound);
                } else {
                    from = Math.max(from, bound);
                }
            }
            if (begins <= now && now < ends) {
                usable.add(certificate);
            }
        }
        X509TrustManager pkix = usable.isEmpty() ? null : usable.size() == certificates.size() ? all : pkix(usable);
        return new InTime(pkix, from, until);
    }

    private X509TrustManager pkix(List<X509Certificate> trusted) throws CredentialException {
        try {
            Set<TrustAnchor> anchors = trusted.stream()
                    .map(certificate -> new TrustAnchor(certificate, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            if (!lists.isEmpty()) {
                revocation(parameters, lists);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return only(factory);
        } catch (GeneralSecurityException e) {
            throw new CredentialException(name + ": cannot be used: " + e.getMessage(), e);
        }
    }

    /** Lists only: asking an OCSP responder would block, and send who connects to whom to a third party. */
    private static void revocation(PKIXBuilderParameters parameters, List<X509CRL> lists)
            throws GeneralSecurityException {
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
    }

    private static List<X509CRL> lists(String name, byte[] pem) throws CredentialException {
        List<X509CRL> lists = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(pem, name)) {
            if (block.label().endsWith("CRL")) {
                try {
                    lists.add((X509CRL)
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

    /**
     * Checks a chain.
     *
     * @param client whether it is a client's
     * @param now milliseconds of the epoch
     */
    void check(X509Certificate[] chain, String authType, boolean client, long now) throws CertificateException {
        InTime usable = usable(now);
        if (usable.pkix() == null) {
            check(all, chain, authType, client);
            throw outOfTime(now);
        }
        try {
            check(usable.pkix(), chain, authType, client);
        } catch (CertificateException e) {
            if (usable.pkix() != all && passes(chain, authType, client)) {
                throw outOfTime(now);
            }
            throw e;
        }
        if (!lists.isEmpty() && certificates.contains(chain[0])) {
            checkListed(chain[0], now);
        }
    }

    private InTime usable(long now) throws CertificateException {
        InTime known = inTime;
        if (!known.holds(now)) {
            try {
                known = at(now);
            } catch (CredentialException e) {
                throw new CertificateException(e.getMessage(), e);
            }
            inTime = known;
        }
        return known;
    }

    private static void check(X509TrustManager by, X509Certificate[] chain, String authType, boolean client)
            throws CertificateException {
        if (client) {
            by.checkClientTrusted(chain, authType);
        } else {
            by.checkServerTrusted(chain, authType);
        }
    }

    /** Whether a chain is good but for the time of the authority behind it. */
    private boolean passes(X509Certificate[] chain, String authType, boolean client) {
        try {
            check(all, chain, authType, client);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private CertificateException outOfTime(long now) {
        boolean expired = certificates.stream()
                .anyMatch(certificate -> certificate.getNotAfter().toInstant().toEpochMilli() < now);
        return expired
                ? new CertificateExpiredException("the trusted certificate behind it has expired")
                : new CertificateNotYetValidException("the trusted certificate behind it is not valid yet");
    }

    /** Of a certificate that is trusted itself, and not by way of an authority whose list would be asked for. */
    private void checkListed(X509Certificate leaf, long now) throws CertificateException {
        boolean told = false;
        for (X509CRL list : lists) {
            if (list.getIssuerX500Principal().equals(leaf.getIssuerX500Principal())) {
                told |= list.getNextUpdate() == null
                        || list.getNextUpdate().toInstant().toEpochMilli() >= now;
                if (list.isRevoked(leaf)) {
                    throw unlisted("it is on a revocation list", BasicReason.REVOKED);
                }
            }
        }
        if (!told) {
            throw unlisted(
                    "no revocation list of its issuer is in its time", BasicReason.UNDETERMINED_REVOCATION_STATUS);
        }
    }

    private static CertificateException unlisted(String text, BasicReason reason) {
        return new CertificateException(text, new CertPathValidatorException(text, null, null, -1, reason));
    }
}
