package dev.sluice.proxy.tls.pem;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys in the forms that tools write: PKCS #8 (RFC 5958), PKCS #1 for RSA (RFC 8017), SEC 1 for EC (RFC 5915). */
public final class PemKey {
    /** Of a SEC 1 key: its curve. */
    private static final int EC_PARAMETERS = 0xa0;

    private PemKey() {}

    /** Whether {@code label} is that of a private key. */
    public static boolean isKey(String label) {
        return label.endsWith("PRIVATE KEY");
    }

    /**
     * Reads a private key.
     *
     * @param block of a label that {@link #isKey}
     * @param what is read, for messages
     * @throws CredentialException when it is of another kind, or broken
     */
    public static PrivateKey read(Pem.Block block, String what) throws CredentialException {
        byte[] pkcs8 =
                switch (block.label()) {
                    case "PRIVATE KEY" -> block.der();
                    case "RSA PRIVATE KEY" -> Pkcs8.ofRsa(block.der());
                    case "EC PRIVATE KEY" -> Pkcs8.ofEc(curve(block.der(), what), block.der());
                    default ->
                        throw new CredentialException(
                                what + ": a key of the kind " + block.label() + " cannot be read");
                };
        Pkcs8 wrapping = Pkcs8.of(pkcs8);
        String factory = wrapping == null ? null : wrapping.factory();
        // Not one factory after the other until one takes it: to refuse, Java asks every security provider that it has.
        PrivateKey read = factory == null ? null : readAs(factory, pkcs8);
        if (read == null) {
            throw new CredentialException(what + ": the private key cannot be read");
        }
        return read;
    }

    /** Null for a broken one. */
    private static @Nullable PrivateKey readAs(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            // Told by the caller; the cause may quote the key.
            return null;
        }
    }

    /** The curve of an EC key: it stands inside, and PKCS #8 has it outside. */
    private static byte[] curve(byte[] sec1, String what) throws CredentialException {
        byte[] curve;
        try {
            curve = Pkcs8.field(sec1, EC_PARAMETERS);
        } catch (IndexOutOfBoundsException e) {
            throw new CredentialException(what + ": the private key is cut short");
        }
        if (curve == null) {
            throw new CredentialException(what + ": the EC private key does not name its curve");
        }
        return curve;
    }
}
