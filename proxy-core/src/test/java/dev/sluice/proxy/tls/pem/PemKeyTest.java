package dev.sluice.proxy.tls.pem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys as tools write them; what cannot be read is said without a byte of it. */
class PemKeyTest {
    private static PrivateKey key(String algorithm, String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (!curve.isEmpty()) {
            generator.initialize(new ECGenParameterSpec(curve));
        } else if (algorithm.equals("RSA")) {
            generator.initialize(2048);
        }
        KeyPair pair = generator.generateKeyPair();
        return pair.getPrivate();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static PrivateKey read(String pem) throws CredentialException {
        List<Pem.Block> blocks = Pem.blocks(pem.getBytes(StandardCharsets.US_ASCII), "test");
        assertEquals(1, blocks.size());
        assertTrue(PemKey.isKey(blocks.get(0).label()));
        return PemKey.read(blocks.get(0), "test");
    }

    /** What PKCS #8 is around: PKCS #1 for RSA; SEC 1 for EC, which tools write with the curve inside. */
    private static byte[] inner(PrivateKey key) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        if (key.getAlgorithm().equals("RSA")) {
            return info.parsePrivateKey().toASN1Primitive().getEncoded();
        }
        org.bouncycastle.asn1.sec.ECPrivateKey sec1 =
                org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        int bits = ((ECPrivateKey) key).getParams().getOrder().bitLength();
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                        bits, sec1.getKey(), info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA:", "EC:secp256r1", "EC:secp384r1", "EC:secp521r1", "Ed25519:"})
    void readsPkcs8(String kind) throws Exception {
        PrivateKey key = key(kind.substring(0, kind.indexOf(':')), kind.substring(kind.indexOf(':') + 1));
        assertArrayEquals(
                key.getEncoded(), read(pem("PRIVATE KEY", key.getEncoded())).getEncoded());
    }

    @Test
    void readsPkcs1() throws Exception {
        PrivateKey key = key("RSA", "");
        assertEquals(key, read(pem("RSA PRIVATE KEY", inner(key))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void readsSec1(String curve) throws Exception {
        PrivateKey key = key("EC", curve);
        PrivateKey read = read(pem("EC PRIVATE KEY", inner(key)));
        assertEquals(((ECPrivateKey) key).getS(), ((ECPrivateKey) read).getS());
        assertEquals(
                ((ECPrivateKey) key).getParams().getCurve(),
                ((ECPrivateKey) read).getParams().getCurve());
    }

    @Test
    void anEncryptedKeyIsSaidToBeOne() throws Exception {
        String text =
                """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """;
        CredentialException old = assertThrows(CredentialException.class, () -> read(text));
        assertTrue(String.valueOf(old.getMessage()).contains("encrypted"), old.getMessage());
        CredentialException modern =
                assertThrows(CredentialException.class, () -> read(pem("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0})));
        assertTrue(String.valueOf(modern.getMessage()).contains("ENCRYPTED PRIVATE KEY"), modern.getMessage());
    }

    @Property(tries = 200)
    void aKeyCutShortOrChangedNeverShowsItself(
            @ForAll @IntRange(min = 0, max = 120) int length,
            @ForAll @IntRange(min = 0, max = 120) int at,
            @ForAll byte value)
            throws Exception {
        PrivateKey key = SOME;
        byte[] sec1 = inner(key);
        quiet("EC PRIVATE KEY", Arrays.copyOf(sec1, Math.min(length, sec1.length)));
        quiet("PRIVATE KEY", Arrays.copyOf(key.getEncoded(), Math.min(length, key.getEncoded().length)));
        byte[] changed = sec1.clone();
        changed[at % changed.length] = value;
        quiet("EC PRIVATE KEY", changed);
        quiet("RSA PRIVATE KEY", changed);
    }

    @Property(tries = 200)
    void bytesOfAnyKindAreRefusedInWords(@ForAll @Size(max = 80) byte[] bytes) {
        for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
            quiet(label, bytes);
        }
    }

    private static final PrivateKey SOME = some();

    private static PrivateKey some() {
        try {
            return key("EC", "secp256r1");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads, or refuses by the one exception there is, in words that quote nothing of the key. */
    private static void quiet(String label, byte[] der) {
        String text = pem(label, der);
        try {
            assertTrue(read(text).getEncoded().length > 0);
        } catch (CredentialException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                for (String line : text.lines()
                        .filter(line -> line.length() > 12 && !line.startsWith("-"))
                        .toList()) {
                    assertFalse(String.valueOf(cause.getMessage()).contains(line), cause.toString());
                }
            }
        }
    }
}
