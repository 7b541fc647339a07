package dev.sluice.proxy.listener;

import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;

/** Random UUIDs of version 4 (RFC 9562 §5.4) for x-request-id. They name, they do not protect: no SecureRandom. */
final class RequestIds {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private RequestIds() {}

    static AsciiString next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        byte[] text = new byte[36];
        int at = hex(text, 0, high >>> 32, 8);
        text[at++] = '-';
        at = hex(text, at, high >>> 16, 4);
        text[at++] = '-';
        at = hex(text, at, high, 4);
        text[at++] = '-';
        at = hex(text, at, low >>> 48, 4);
        text[at++] = '-';
        hex(text, at, low, 12);
        return new AsciiString(text, false);
    }

    private static int hex(byte[] to, int at, long value, int digits) {
        for (int i = 0; i < digits; i++) {
            to[at + i] = HEX[(int) (value >>> ((digits - 1 - i) * 4)) & 0xf];
        }
        return at + digits;
    }
}
