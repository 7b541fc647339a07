package dev.sluice.proxy.tls.pem;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Private keys in the forms that tools write: PKCS #8 (RFC 5958), PKCS #1 for RSA (RFC 8017), SEC 1 for EC (RFC 5915). */
public final class PemKey {
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    private static final byte[] EC_PUBLIC_KEY = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
    private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;
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
                    case "RSA PRIVATE KEY" -> wrap(RSA_ALGORITHM, block.der());
                    case "EC PRIVATE KEY" -> wrap(curve(block.der(), what), block.der());
                    default ->
                        throw new CredentialException(
                                what + ": a key of the kind " + block.label() + " cannot be read");
                };
        for (String algorithm : ALGORITHMS) {
            PrivateKey read = readAs(algorithm, pkcs8);
            if (read != null) {
                return read;
            }
        }
        throw new CredentialException(what + ": the private key cannot be read");
    }

    /** The kind of a key is known by who takes it; null for one of another kind, or a broken one. */
    private static @Nullable PrivateKey readAs(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            // Told by the caller; the cause may quote the key.
            return null;
        }
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(key.length + 64);
        all.writeBytes(VERSION_0);
        all.writeBytes(algorithm);
        all.writeBytes(tagged(OCTET_STRING, key));
        return tagged(SEQUENCE, all.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** The algorithm of an EC key: its parameters stand inside, and PKCS #8 has them outside. */
    private static byte[] curve(byte[] sec1, String what) throws CredentialException {
        try {
            int at = header(sec1, 0)[0];
            while (at < sec1.length) {
                int[] element = header(sec1, at);
                if ((sec1[at] & 0xff) == EC_PARAMETERS) {
                    byte[] oid = Arrays.copyOfRange(sec1, element[0], element[0] + element[1]);
                    ByteArrayOutputStream algorithm = new ByteArrayOutputStream();
                    algorithm.writeBytes(EC_PUBLIC_KEY);
                    algorithm.writeBytes(oid);
                    return tagged(SEQUENCE, algorithm.toByteArray());
                }
                at = element[0] + element[1];
            }
        } catch (IndexOutOfBoundsException e) {
            throw new CredentialException(what + ": the private key is cut short");
        }
        throw new CredentialException(what + ": the EC private key does not name its curve");
    }

    /** Where the content of the element at {@code at} begins, and its length. */
    private static int[] header(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        int content = at + 2;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (der[content++] & 0xff);
            }
        }
        if (length < 0 || bytesLeft(der, content) < length) {
            throw new IndexOutOfBoundsException();
        }
        return new int[] {content, length};
    }

    private static int bytesLeft(byte[] der, int at) {
        return der.length - at;
    }
}
