package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.H2Headers;
import dev.sluice.proxy.stream.HeaderOverlay;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The header list of an outgoing message, put together while the HPACK encoder walks it: pseudo headers, the fields as
 * they were received, then those of the attempt. The head's own headers are read only, so that a retry, a mirror or the
 * log finds them unchanged, and nothing is copied.
 *
 * <p>Only {@link #iterator} is to be used, which is all that the encoder calls. One per connection, filled for each
 * message anew; belongs to its event loop.
 */
public final class SentBlock extends DefaultHttp2Headers {
    private static final AsciiString SEC_WEBSOCKET_KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final H2Headers NO_FIELDS = H2Headers.withRoomFor(0);
    private static final int OWN = 16;

    private final Walk walk = new Walk();
    // Pseudo headers, then what follows the received fields.
    private CharSequence[] names = new CharSequence[OWN];
    private CharSequence[] values = new CharSequence[OWN];
    private int pseudos;
    private int own;
    private int nextOwn;
    private H2Headers fields = NO_FIELDS;
    private int nextField;
    private boolean tunnel;

    /** An empty block. */
    public SentBlock() {
        super(false, 2);
    }

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
        nextField = 0;
        own = 0;
        nextOwn = 0;
        pseudos = 0;
        tunnel = false;
    }

    /** Forgets the message. */
    public void reset() {
        Arrays.fill(names, 0, own, null);
        Arrays.fill(values, 0, own, null);
        begin(NO_FIELDS);
        walk.forget();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return walk;
    }

    /** Whether a received field is left; goes over those that do not go on. */
    private boolean hasField() {
        // An extended CONNECT has no key: the stream itself proves that the server understood (RFC 8441 section 5).
        while (tunnel
                && nextField < fields.size()
                && AsciiString.contentEquals(fields.name(nextField), SEC_WEBSOCKET_KEY)) {
            nextField++;
        }
        return nextField < fields.size();
    }

    private void put(CharSequence field, CharSequence content) {
        if (own == names.length) {
            names = Arrays.copyOf(names, own * 2);
            values = Arrays.copyOf(values, own * 2);
        }
        names[own] = field;
        values[own] = content;
        own++;
    }

    /** One object for all steps: the encoder keeps names and values, never an entry. */
    private final class Walk
            implements Iterator<Map.Entry<CharSequence, CharSequence>>, Map.Entry<CharSequence, CharSequence> {
        private @Nullable CharSequence name;
        private @Nullable CharSequence value;

        @Override
        public boolean hasNext() {
            return nextOwn < own || hasField();
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (nextOwn >= pseudos && hasField()) {
                name = fields.name(nextField);
                value = fields.value(nextField);
                nextField++;
            } else if (nextOwn < own) {
                name = names[nextOwn];
                value = values[nextOwn];
                nextOwn++;
            } else {
                throw new NoSuchElementException();
            }
            return this;
        }

        void forget() {
            name = null;
            value = null;
        }

        @Override
        public CharSequence getKey() {
            return current(name);
        }

        @Override
        public CharSequence getValue() {
            return current(value);
        }

        @Override
        public CharSequence setValue(CharSequence newValue) {
            throw new UnsupportedOperationException("The head is read only");
        }

        private static CharSequence current(@Nullable CharSequence part) {
            if (part == null) {
                throw new NoSuchElementException();
            }
            return part;
        }
    }
}
