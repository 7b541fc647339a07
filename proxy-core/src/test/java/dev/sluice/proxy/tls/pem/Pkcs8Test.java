package dev.sluice.proxy.tls.pem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The public key in a private one is the one that certificates have, to the byte. */
class Pkcs8Test {
    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static KeyPair curve(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** As OpenSSL writes it, and Java does not: with the public key. */
    private static byte[] withPublicKey(KeyPair pair, int bits) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        ECPrivateKey key = new ECPrivateKey(
                bits,
                ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData(),
                null);
        return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), key).getEncoded();
    }

    private static byte @Nullable [] carried(byte[] der) {
        return read(der).publicKey();
    }

    private static Pkcs8 read(byte[] der) {
        Pkcs8 read = Pkcs8.of(der);
        assertNotNull(read);
        return read;
    }

    @Test
    void anRsaKeyHasItsOwn() throws Exception {
        KeyPair pair = pair("RSA");
        byte[] der = pair.getPrivate().getEncoded();
        assertEquals("RSA", read(der).factory());
        assertArrayEquals(pair.getPublic().getEncoded(), carried(der));
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, 256", "secp384r1, 384", "secp521r1, 521"})
    void anEcKeyHasTheOneThatWasWrittenIntoIt(String curve, int bits) throws Exception {
        KeyPair pair = curve(curve);
        byte[] der = withPublicKey(pair, bits);
        assertEquals("EC", read(der).factory());
        assertArrayEquals(pair.getPublic().getEncoded(), carried(der));
        PrivateKeyInfo without = new PrivateKeyInfo(
                PrivateKeyInfo.getInstance(der).getPrivateKeyAlgorithm(),
                new ECPrivateKey(
                        bits,
                        ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(der).parsePrivateKey())
                                .getKey(),
                        null));
        assertNull(carried(without.getEncoded()));
    }

    @Test
    void oneOfAnotherKindHasNone() throws Exception {
        byte[] der = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        assertEquals("EdDSA", read(der).factory());
        assertNull(carried(der));
        byte[] dh = pair("DH").getPrivate().getEncoded();
        assertNull(read(dh).factory());
        assertNull(carried(dh));
    }

    @Property(tries = 1000)
    void ofAKeyCutShortOrChangedNoneIsTakenForTheOneThatWas(@ForAll @IntRange(max = 137) int at, @ForAll byte value)
            throws Exception {
        byte[] der = withPublicKey(SOME, 256);
        assertEquals(138, der.length);
        assertNull(Pkcs8.of(Arrays.copyOf(der, at)));
        byte[] changed = der.clone();
        changed[at] = value;
        Pkcs8 read = Pkcs8.of(changed);
        byte[] carried = read == null ? null : read.publicKey();
        boolean told = (at >= ALGORITHM_AT && at < ALGORITHM_END) || at >= POINT_AT;
        if (told && value != der[at]) {
            assertFalse(Arrays.equals(carried(der), carried), () -> "byte " + at);
        }
    }

    /** Bytes of such a key: here the names of its kind and curve begin and end … */
    private static final int ALGORITHM_AT = 8;

    private static final int ALGORITHM_END = 27;
    /** … and from here on the point. */
    private static final int POINT_AT = 74;

    private static final KeyPair SOME = some();

    private static KeyPair some() {
        try {
            return curve("secp256r1");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
