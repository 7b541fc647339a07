package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.tls.pem.CredentialException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pair belongs together, however its key is written; one that does not is refused. */
class CredentialTest {
    enum Kind {
        RSA,
        EC,
        /** As OpenSSL writes it: with the public key. */
        EC_WITH_PUBLIC_KEY,
        ED25519;

        X509Bundle bundle() throws Exception {
            CertificateBuilder builder =
                    new CertificateBuilder().subject("CN=shop.test").setIsCertificateAuthority(true);
            CertificateBuilder kind =
                    switch (this) {
                        case RSA -> builder.rsa2048();
                        case EC, EC_WITH_PUBLIC_KEY -> builder.ecp256();
                        case ED25519 -> builder.algorithm(CertificateBuilder.Algorithm.ed25519);
                    };
            return kind.buildSelfSigned();
        }

        byte[] key(KeyPair pair) throws Exception {
            PrivateKey key = pair.getPrivate();
            return pem(this == EC_WITH_PUBLIC_KEY ? withPublicKey(pair) : key.getEncoded());
        }
    }

    private static byte[] withPublicKey(KeyPair pair) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        ECPrivateKey key = new ECPrivateKey(
                256,
                ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData(),
                null);
        return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), key).getEncoded();
    }

    private static byte[] pem(byte[] der) {
        return ("-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END PRIVATE KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] certificate(X509Bundle bundle) {
        return bundle.getCertificatePathPEM().getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void aPairIsTaken(Kind kind) throws Exception {
        X509Bundle bundle = kind.bundle();
        byte[] key = kind.key(bundle.getKeyPair());
        Credential read = Credential.read("shop", certificate(bundle), key);
        assertEquals(bundle.getCertificate(), read.leaf());
        assertArrayEquals(key, pem(read.key().getEncoded()));
    }

    @ParameterizedTest
    @EnumSource
    void theKeyOfAnotherCertificateIsRefused(Kind kind) throws Exception {
        X509Bundle bundle = kind.bundle();
        byte[] another = kind.key(kind.bundle().getKeyPair());
        CredentialException refused =
                assertThrows(CredentialException.class, () -> Credential.read("shop", certificate(bundle), another));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.endsWith("the private key is not that of the certificate CN=shop.test"), said);
    }

    @ParameterizedTest
    @EnumSource
    void soIsOneOfAnotherKind(Kind kind) throws Exception {
        Kind otherKind = kind == Kind.RSA ? Kind.EC_WITH_PUBLIC_KEY : Kind.RSA;
        byte[] another = otherKind.key(otherKind.bundle().getKeyPair());
        assertThrows(CredentialException.class, () -> Credential.read("shop", certificate(kind.bundle()), another));
    }
}
