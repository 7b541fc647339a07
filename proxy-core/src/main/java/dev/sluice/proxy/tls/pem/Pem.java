package dev.sluice.proxy.tls.pem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads PEM (RFC 7468): what stands between {@code BEGIN} and {@code END} lines; text around it is passed over. */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /**
     * One object.
     *
     * @param label such as {@code CERTIFICATE}
     * @param der its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Block(String label, byte[] der) {
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * The objects in their order.
     *
     * @param what is read, for messages
     * @throws CredentialException when a block has no end, or holds what is not base64; encrypted ones included
     */
    public static List<Block> blocks(byte[] text, String what) throws CredentialException {
        String pem = new String(text, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        while ((at = pem.indexOf(BEGIN, at)) >= 0) {
            int labelEnd = pem.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : pem.substring(at + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : pem.indexOf(END + label + DASHES, labelEnd);
            if (end < 0) {
                throw new CredentialException(what + ": a PEM block has no end");
            }
            blocks.add(new Block(label, decode(pem.substring(labelEnd + DASHES.length(), end), label, what)));
            at = end + END.length();
        }
        return blocks;
    }

    private static byte[] decode(String body, String label, String what) throws CredentialException {
        if (body.indexOf(':') >= 0) {
            throw new CredentialException(what + ": an encrypted " + label + " cannot be read");
        }
        StringBuilder digits = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c > ' ') {
                digits.append(c);
            }
        }
        try {
            return Base64.getDecoder().decode(digits.toString());
        } catch (IllegalArgumentException e) {
            // Its message quotes what it could not read: it stays out.
            throw new CredentialException(what + ": a " + label + " is not base64");
        }
    }
}
