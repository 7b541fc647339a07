package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.codec.http1.HopByHop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules that hold for the fields of every header list, whoever sent it. Static; any thread. */
public final class Fields {
    private static final AsciiString CARRIER = AsciiString.cached("x-http2-");

    private Fields() {}

    /** Netty refuses a value that begins with white space, but not one that ends so (RFC 9113 section 8.2.1). */
    static boolean endsBlank(CharSequence value) {
        int length = value.length();
        if (length == 0) {
            return false;
        }
        char last = value.charAt(length - 1);
        return last == ' ' || last == '\t';
    }

    /** {@code x-http2-…}: what Netty's protocol translators add and read; from a peer it is an attempt to fool one (B55). */
    public static boolean isCarrier(CharSequence name) {
        return name.length() > CARRIER.length()
                && name.charAt(0) == 'x'
                && AsciiString.regionMatches(name, false, 0, CARRIER, 0, CARRIER.length());
    }

    static void removeCarriers(Http2Headers headers) {
        List<CharSequence> names = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            if (isCarrier(entry.getKey())) {
                names.add(entry.getKey());
            }
        }
        names.forEach(headers::remove);
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

    /** The declared length in bytes, -1 when there is none; Netty has made sure that it is one number. */
    static long contentLength(Http2Headers headers) {
        CharSequence text = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (text == null) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            length = length * 10 + text.charAt(i) - '0';
        }
        return length;
    }

    /**
     * Whether received trailers may be handed on; takes off the fields that must not be trailers (spec/reliability.md
     * B22, B53).
     *
     * @return false when they are malformed and the stream is to be reset
     */
    public static boolean passTrailers(Http2Headers trailers, int maxHeaders) {
        List<CharSequence> forbidden = null;
        int count = 0;
        for (Map.Entry<CharSequence, CharSequence> entry : trailers) {
            CharSequence name = entry.getKey();
            if (++count > maxHeaders || name.charAt(0) == ':' || endsBlank(entry.getValue())) {
                return false;
            }
            if (isCarrier(name) || !HopByHop.mayBeTrailer(name)) {
                if (forbidden == null) {
                    forbidden = new ArrayList<>(4);
                }
                forbidden.add(name);
            }
        }
        if (forbidden != null) {
            forbidden.forEach(trailers::remove);
        }
        return true;
    }
}
