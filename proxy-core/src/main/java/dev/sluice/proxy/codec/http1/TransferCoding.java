package dev.sluice.proxy.codec.http1;

import io.netty.util.AsciiString;

/** What a {@code transfer-encoding} says (RFC 9112 section 6.1). */
enum TransferCoding {
    /** Chunks and nothing else. */
    CHUNKED,
    /** Something that we do not know, then chunks: well-formed, and not for us. */
    OTHERS_THEN_CHUNKED,
    /** Where the body ends cannot be told. */
    MALFORMED;

    private static final AsciiString NAME = AsciiString.cached("chunked");

    /** Reads a value. */
    static TransferCoding of(CharSequence value) {
        if (NAME.contentEqualsIgnoreCase(value)) {
            return CHUNKED;
        }
        boolean last = false;
        int chunked = 0;
        int others = 0;
        int start = 0;
        while (start <= value.length()) {
            int end = start;
            while (end < value.length() && value.charAt(end) != ',') {
                end++;
            }
            CharSequence coding = AsciiString.trim(value.subSequence(start, end));
            if (coding.length() > 0) {
                last = NAME.contentEqualsIgnoreCase(coding);
                chunked += last ? 1 : 0;
                others += last ? 0 : 1;
            }
            start = end + 1;
        }
        return last && chunked == 1 && others > 0 ? OTHERS_THEN_CHUNKED : MALFORMED;
    }
}
