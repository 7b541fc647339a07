package dev.sluice.proxy.tls.pem;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Just enough of DER (X.690) for the wrapping of keys: elements with tags of one byte and definite lengths. What is not there
 * ends in an {@link IndexOutOfBoundsException}, which the caller puts in words.
 */
final class Der {
    static final int INTEGER = 2;
    static final int BIT_STRING = 3;
    static final int OCTET_STRING = 4;
    static final int SEQUENCE = 0x30;

    private Der() {}

    /**
     * One element of a text.
     *
     * @param at where it begins, with its tag
     * @param content where its content begins
     * @param end behind its last byte
     */
    record Element(int at, int content, int end) {}

    /** The element that begins at {@code at}; all of it is there. */
    static Element at(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        int content = at + 2;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (der[content++] & 0xff);
            }
        }
        if (length < 0 || der.length - content < length) {
            throw new IndexOutOfBoundsException();
        }
        return new Element(at, content, content + length);
    }

    /** Its tag. */
    static int tag(byte[] der, Element element) {
        return der[element.at()] & 0xff;
    }

    /** All of it, with tag and length. */
    static byte[] whole(byte[] der, Element element) {
        return Arrays.copyOfRange(der, element.at(), element.end());
    }

    /** What is in it. */
    static byte[] content(byte[] der, Element element) {
        return Arrays.copyOfRange(der, element.content(), element.end());
    }

    /** An element of {@code parts}. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
