package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * A field as the fixed table of HPACK has it, and what may be wrong with one of a peer's. One that must not be is kept in
 * the peer's table too, for the peer has it there; each message that has it is malformed.
 *
 * @param fault what is wrong with it by itself (RFC 9113 section 8.2), as a sentence; null for nothing
 */
record Field(AsciiString name, AsciiString value, @Nullable String fault) {
    /** What an entry costs beside its text (RFC 7541 section 4.1). */
    static final int OVERHEAD = 32;

    /** The size of a field as tables and limits count it. */
    static int size(AsciiString name, AsciiString value) {
        return OVERHEAD + name.length() + value.length();
    }

    static boolean isPseudo(AsciiString name) {
        return !name.isEmpty() && name.byteAt(0) == ':';
    }

    /** What is wrong with a name, whatever its value. */
    static @Nullable String faultOfName(AsciiString name) {
        if (isPseudo(name)) {
            return PseudoHeaderName.isPseudoHeader(name) ? null : "an unknown pseudo header";
        }
        if (!H2Headers.isName(name)) {
            return "a field name that is none";
        }
        return HttpHeaderValidationUtil.isConnectionHeader(name, true) ? "a field of the connection" : null;
    }

    /** What is wrong with a value, whatever its name. */
    static @Nullable String faultOfValue(AsciiString value) {
        if (!H2Headers.isValue(value)) {
            return "a field value that is none";
        }
        return endsBlank(value) ? "a field value that ends with white space" : null;
    }

    /** What is wrong with a value for a name, where each by itself is right. */
    static @Nullable String faultOfBoth(AsciiString name, AsciiString value) {
        if (isPseudo(name)) {
            return value.isEmpty() ? "an empty pseudo header" : null;
        }
        return HttpHeaderValidationUtil.isTeNotTrailers(name, value) ? "te other than trailers" : null;
    }

    private static boolean endsBlank(AsciiString value) {
        if (value.isEmpty()) {
            return false;
        }
        byte last = value.byteAt(value.length() - 1);
        return last == ' ' || last == '\t';
    }
}
