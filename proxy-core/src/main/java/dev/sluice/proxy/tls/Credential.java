package dev.sluice.proxy.tls;

import dev.sluice.proxy.tls.pem.CredentialException;
import dev.sluice.proxy.tls.pem.Pem;
import dev.sluice.proxy.tls.pem.PemKey;
import dev.sluice.proxy.tls.pem.Pkcs8;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A certificate with its chain and the private key that goes with it, known to belong together. Prints no key. */
final class Credential {
    private final String name;
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private Credential(String name, List<X509Certificate> chain, PrivateKey key) {
        this.name = name;
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads a pair.
     *
     * @param name for messages and metrics
     * @param certificates PEM, the leaf first
     * @param key PEM
     * @throws CredentialException when one cannot be read, or the key is not that of the leaf
     */
    static Credential read(String name, byte[] certificates, byte[] key) throws CredentialException {
        List<X509Certificate> chain = certificates(certificates, name);
        if (chain.isEmpty()) {
            throw new CredentialException(name + ": there is no certificate in it");
        }
        PrivateKey found = null;
        for (Pem.Block block : Pem.blocks(key, name)) {
            if (PemKey.isKey(block.label())) {
                found = PemKey.read(block, name);
                break;
            }
        }
        if (found == null) {
            throw new CredentialException(name + ": there is no private key in it");
        }
        checkPair(name, chain.get(0), found);
        return new Credential(name, chain, found);
    }

    /** All certificates of a PEM text. */
    static List<X509Certificate> certificates(byte[] pem, String what) throws CredentialException {
        List<X509Certificate> read = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(pem, what)) {
            if (block.label().endsWith("CERTIFICATE")) {
                try {
                    read.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (CertificateException e) {
                    throw new CredentialException(what + ": a certificate cannot be read: " + e.getMessage(), e);
                }
            }
        }
        return read;
    }

    private static void checkPair(String name, X509Certificate leaf, PrivateKey key) throws CredentialException {
        // As OpenSSL compares the two (X509_check_private_key). A signature tells as well, but costs a start a tenth of
        // a second:
        // the JVM signs with code that is not compiled yet, and makes tables of the curve first.
        Pkcs8 wrapping = Pkcs8.of(key.getEncoded());
        if (wrapping != null
                && Arrays.equals(wrapping.publicKey(), leaf.getPublicKey().getEncoded())) {
            return;
        }
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        byte[] probe = name.getBytes(StandardCharsets.UTF_8);
        boolean matches;
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(probe);
            matches = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another kind than the certificate's. The cause stays out: it may quote the key.
            matches = false;
        }
        if (!matches) {
            throw new CredentialException(
                    name + ": the private key is not that of the certificate " + leaf.getSubjectX500Principal());
        }
    }

    /** For messages and metrics. */
    String name() {
        return name;
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    X509Certificate[] chain() {
        return chain.toArray(new X509Certificate[0]);
    }

    PrivateKey key() {
        return key;
    }

    boolean isEcdsa() {
        return key.getAlgorithm().equals("EC");
    }

    /** When the first certificate of the chain expires. */
    Instant notAfter() {
        Instant first = leaf().getNotAfter().toInstant();
        for (X509Certificate certificate : chain) {
            Instant own = certificate.getNotAfter().toInstant();
            first = own.isBefore(first) ? own : first;
        }
        return first;
    }

    @Override
    public String toString() {
        return name + " " + leaf().getSubjectX500Principal();
    }
}
