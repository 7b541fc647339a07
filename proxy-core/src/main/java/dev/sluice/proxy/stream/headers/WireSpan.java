package dev.sluice.proxy.stream.headers;

import java.nio.charset.StandardCharsets;

/**
 * Bytes of a header's value as characters, one of each, where the codec has them: what {@link Headers#peek} shows. Pointed
 * at others again and again, so nobody keeps it. Who has many to copy takes the bytes.
 */
public final class WireSpan implements CharSequence {
    private byte[] text = {};
    private int start;
    private int length;

    WireSpan() {}

    WireSpan on(byte[] newText, int newStart, int newLength) {
        text = newText;
        start = newStart;
        length = newLength;
        return this;
    }

    /** Holds the bytes; not to be changed. */
    public byte[] array() {
        return text;
    }

    /** Where in {@link #array} the first of them is. */
    public int arrayOffset() {
        return start;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return (char) (text[start + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return toString().substring(from, to);
    }

    @Override
    public String toString() {
        return new String(text, start, length, StandardCharsets.ISO_8859_1);
    }
}
