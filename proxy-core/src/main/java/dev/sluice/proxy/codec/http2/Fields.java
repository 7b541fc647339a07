package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.codec.http1.HopByHop;
import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.util.AsciiString;

/** Rules that hold for the fields of every header list, whoever sent it. Static; any thread. */
public final class Fields {
    private static final AsciiString CARRIER = AsciiString.cached("x-http2-");
    private static final int MAX_LENGTH_DIGITS = 18;

    private Fields() {}

    /** {@code x-http2-…}: what Netty's protocol translators add and read; from a peer it is an attempt to fool one (B55). */
    public static boolean isCarrier(CharSequence name) {
        return name.length() > CARRIER.length()
                && name.charAt(0) == 'x'
                && AsciiString.regionMatches(name, false, 0, CARRIER, 0, CARRIER.length());
    }

    /** A number of up to nine digits; -1 for anything else. */
    static int number(CharSequence text) {
        if (text.length() == 0 || text.length() > 9) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** A declared length in bytes; {@link ReceivedBlock#MALFORMED} for anything but digits, or too many of them. */
    static long length(CharSequence text) {
        if (text.length() == 0 || text.length() > MAX_LENGTH_DIGITS) {
            return ReceivedBlock.MALFORMED;
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return ReceivedBlock.MALFORMED;
            }
            length = length * 10 + digit;
        }
        return length;
    }

    /**
     * Whether received trailers may be handed on; takes off the fields that must not be trailers (spec/reliability.md
     * B22, B53).
     *
     * @return false when there are too many, and the stream is to be reset
     */
    public static boolean passTrailers(H2Headers trailers, int maxHeaders) {
        if (trailers.size() > maxHeaders) {
            return false;
        }
        for (int i = trailers.size() - 1; i >= 0; i--) {
            if (i < trailers.size() && !HopByHop.mayBeTrailer(trailers.name(i))) {
                trailers.remove(trailers.name(i));
            }
        }
        return true;
    }
}
