package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * The header list of an outgoing message, put together while the HPACK encoder walks it: pseudo headers, the fields as
 * they were received, then those of the attempt. The head's own headers are read only, so that a retry, a mirror or the
 * log finds them unchanged, and nothing is copied.
 *
 * <p>One per connection, filled for each message anew; belongs to its event loop.
 */
public final class SentBlock {
    private static final AsciiString SEC_WEBSOCKET_KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final H2Headers NO_FIELDS = H2Headers.withRoomFor(0);
    private static final int OWN = 16;

    // Pseudo headers, then what follows the received fields.
    private AsciiString[] names = new AsciiString[OWN];
    private CharSequence[] values = new CharSequence[OWN];
    private int pseudos;
    private int own;
    private H2Headers fields = NO_FIELDS;
    private boolean tunnel;
    // The walk.
    private int nextOwn;
    private int nextField;
    private AsciiString name = AsciiString.EMPTY_STRING;
    private CharSequence value = AsciiString.EMPTY_STRING;
    private boolean secret;

    /** Prepares the list of a request, whose headers are {@code fields} in HTTP/2. */
    public SentBlock request(RequestHead head, H2Headers fields, HeaderOverlay overlay) {
        begin(fields);
        String upgrade = head.upgrade();
        tunnel = upgrade != null;
        put(PseudoHeaderName.METHOD.value(), tunnel ? CONNECT : head.method());
        put(PseudoHeaderName.SCHEME.value(), head.scheme());
        if (!head.authority().isEmpty()) {
            put(PseudoHeaderName.AUTHORITY.value(), head.authority());
        }
        put(PseudoHeaderName.PATH.value(), head.path());
        if (upgrade != null) {
            put(PseudoHeaderName.PROTOCOL.value(), upgrade);
        }
        pseudos = own;
        if (head.contentLength() >= 0 && !tunnel && !fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            put(HttpHeaderNames.CONTENT_LENGTH, Long.toString(head.contentLength()));
        }
        for (int i = 0; i < overlay.size(); i++) {
            put(overlay.name(i), overlay.value(i));
        }
        return this;
    }

    /** Prepares the list of a response. */
    public SentBlock response(AsciiString status, H2Headers fields) {
        begin(fields);
        put(PseudoHeaderName.STATUS.value(), status);
        pseudos = own;
        return this;
    }

    /** Prepares a list of trailers. */
    public SentBlock trailers(H2Headers fields) {
        begin(fields);
        return this;
    }

    private void begin(H2Headers received) {
        fields = received;
        own = 0;
        pseudos = 0;
        tunnel = false;
        rewind();
    }

    /** Forgets the message. */
    public void reset() {
        Arrays.fill(names, 0, own, null);
        Arrays.fill(values, 0, own, null);
        begin(NO_FIELDS);
        name = AsciiString.EMPTY_STRING;
        value = AsciiString.EMPTY_STRING;
    }

    private void put(AsciiString field, CharSequence content) {
        if (own == names.length) {
            names = Arrays.copyOf(names, own * 2);
            values = Arrays.copyOf(values, own * 2);
        }
        names[own] = field;
        values[own] = content;
        own++;
    }

    // ---- the walk, for the encoder

    /** Goes before the first field. */
    void rewind() {
        nextOwn = 0;
        nextField = 0;
    }

    /** Goes to the next field; false when there is none. */
    boolean next() {
        if (nextOwn >= pseudos && hasField()) {
            name = fields.name(nextField);
            value = fields.value(nextField);
            secret = fields.isNeverIndexed(nextField);
            nextField++;
            return true;
        }
        if (nextOwn < own) {
            name = names[nextOwn];
            value = values[nextOwn];
            secret = false;
            nextOwn++;
            return true;
        }
        return false;
    }

    /** Name of the field that {@link #next} went to. */
    AsciiString name() {
        return name;
    }

    /** Its value. */
    CharSequence value() {
        return value;
    }

    /** Whether it was received as a field that nobody may remember. */
    boolean isSecret() {
        return secret;
    }

    /** Whether a received field is left; goes over those that do not go on. */
    private boolean hasField() {
        // An extended CONNECT has no key: the stream itself proves that the server understood (RFC 8441 section 5).
        while (tunnel && nextField < fields.size() && fields.name(nextField).equals(SEC_WEBSOCKET_KEY)) {
            nextField++;
        }
        return nextField < fields.size();
    }
}
