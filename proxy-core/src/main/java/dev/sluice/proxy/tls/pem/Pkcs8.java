package dev.sluice.proxy.tls.pem;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A private key as PKCS #8 (RFC 5958) wraps it: whose it is, and the public key beside it. Immutable; made from bytes that may
 * be anything, prints none of them.
 */
public final class Pkcs8 {
    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
    private static final byte[] NO_UNUSED_BITS = {0};
    private static final byte[] NULL = {5, 0};
    private static final byte[] RSA = {6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1};
    private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
    private static final byte[] ED25519 = {6, 3, 0x2b, 0x65, 0x70};
    private static final byte[] ED448 = {6, 3, 0x2b, 0x65, 0x71};
    /** Of a SEC 1 key. */
    private static final int PUBLIC_KEY = 0xa1;

    private final byte[] algorithm;
    private final byte[] oid;
    private final byte[] key;

    private Pkcs8(byte[] algorithm, byte[] oid, byte[] key) {
        this.algorithm = algorithm;
        this.oid = oid;
        this.key = key;
    }

    /** What {@code der} is as far as its wrapping goes; null when it is none. */
    public static @Nullable Pkcs8 of(byte[] der) {
        try {
            Der.Element version = Der.at(der, Der.at(der, 0).content());
            Der.Element algorithm = Der.at(der, version.end());
            Der.Element oid = Der.at(der, algorithm.content());
            Der.Element key = Der.at(der, algorithm.end());
            return Der.tag(der, key) == Der.OCTET_STRING
                    ? new Pkcs8(Der.whole(der, algorithm), Der.whole(der, oid), Der.content(der, key))
                    : null;
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** An RSA key of PKCS #1 (RFC 8017). */
    static byte[] ofRsa(byte[] pkcs1) {
        return wrap(Der.element(Der.SEQUENCE, RSA, NULL), pkcs1);
    }

    /**
     * An EC key of SEC 1 (RFC 5915).
     *
     * @param curve its object identifier, an element
     */
    static byte[] ofEc(byte[] curve, byte[] sec1) {
        return wrap(Der.element(Der.SEQUENCE, EC, curve), sec1);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.element(Der.SEQUENCE, VERSION_0, algorithm, Der.element(Der.OCTET_STRING, key));
    }

    /** Who reads such keys: the name of a {@link java.security.KeyFactory}; null for a kind that is not known. */
    @Nullable
    String factory() {
        if (Arrays.equals(oid, RSA)) {
            return "RSA";
        }
        if (Arrays.equals(oid, EC)) {
            return "EC";
        }
        return Arrays.equals(oid, ED25519) || Arrays.equals(oid, ED448) ? "EdDSA" : null;
    }

    /**
     * The public key that stands in the private one, as certificates have it (SubjectPublicKeyInfo). Keys of RSA have theirs,
     * those of EC where the tool wrote it, as nearly all do; null where there is none.
     */
    public byte @Nullable [] publicKey() {
        try {
            if (Arrays.equals(oid, RSA)) {
                Der.Element modulus =
                        Der.at(key, Der.at(key, Der.at(key, 0).content()).end());
                Der.Element exponent = Der.at(key, modulus.end());
                byte[] both = Der.element(Der.SEQUENCE, Der.whole(key, modulus), Der.whole(key, exponent));
                return Der.element(Der.SEQUENCE, algorithm, Der.element(Der.BIT_STRING, NO_UNUSED_BITS, both));
            }
            if (Arrays.equals(oid, EC)) {
                byte[] point = field(key, PUBLIC_KEY);
                return point == null ? null : Der.element(Der.SEQUENCE, algorithm, point);
            }
            return null;
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** What the element with that tag holds, among those of a sequence; null for none. */
    static byte @Nullable [] field(byte[] sequence, int tag) {
        int at = Der.at(sequence, 0).content();
        while (at < sequence.length) {
            Der.Element element = Der.at(sequence, at);
            if (Der.tag(sequence, element) == tag) {
                return Der.content(sequence, element);
            }
            at = element.end();
        }
        return null;
    }
}
