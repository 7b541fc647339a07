package dev.sluice.proxy.app.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * A certificate of P-256 that has signed itself (RFC 5280 §4.1), for the proxy's TLS with itself. The JDK reads
 * certificates and has no way to make one, so its few fields are encoded here.
 */
final class SelfSigned {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8 = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int OCTETS = 0x04;
    private static final int BITS = 0x03;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int LONG_LENGTH = 0x80;
    private static final int LINE = 64;

    private static final byte[] V3 = {2, 1, 2};
    private static final byte[] SERIAL = {2, 1, 1};
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final byte[] ALTERNATIVE_NAME = {6, 3, 0x55, 0x1d, 0x11};
    private static final byte[] BASIC_CONSTRAINTS = {6, 3, 0x55, 0x1d, 0x13};
    private static final byte[] TRUE = {1, 1, (byte) 0xff};
    /** {@code ecdsa-with-SHA256}, 1.2.840.10045.4.3.2. */
    private static final byte[] ECDSA_SHA256 = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};

    private SelfSigned() {}

    /** Writes {@code tls.crt} and {@code tls.key} into the folder, for one DNS name. */
    static void write(Path folder, String name) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Files.writeString(folder.resolve("tls.crt"), pem("CERTIFICATE", certificate(pair, name)));
            Files.writeString(
                    folder.resolve("tls.key"),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a certificate", e);
        }
    }

    private static byte[] certificate(KeyPair pair, String dnsName) throws GeneralSecurityException {
        byte[] ascii = dnsName.getBytes(StandardCharsets.US_ASCII);
        byte[] algorithm = der(SEQUENCE, ECDSA_SHA256);
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, ascii))));
        byte[] validity = der(SEQUENCE, time("200101000000Z"), time("491231235959Z"));
        byte[] names = der(SEQUENCE, ALTERNATIVE_NAME, der(OCTETS, der(SEQUENCE, der(DNS_NAME, ascii))));
        byte[] authority = der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(OCTETS, der(SEQUENCE, TRUE)));
        byte[] extensions = der(EXTENSIONS, der(SEQUENCE, names, authority));
        byte[] key = pair.getPublic().getEncoded();
        byte[] signed = der(SEQUENCE, der(VERSION, V3), SERIAL, algorithm, name, validity, name, key, extensions);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(signed);
        return der(SEQUENCE, signed, algorithm, der(BITS, new byte[] {0}, signature.sign()));
    }

    private static byte[] time(String utc) {
        return der(UTC_TIME, utc.getBytes(StandardCharsets.US_ASCII));
    }

    /** Tag, length and what is in it (X.690 §8.1). */
    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        // As short as can be: BoringSSL takes nothing else.
        if (length >= 1 << Byte.SIZE) {
            out.write(LONG_LENGTH | 2);
            out.write(length >>> Byte.SIZE);
        } else if (length >= LONG_LENGTH) {
            out.write(LONG_LENGTH | 1);
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }
}
