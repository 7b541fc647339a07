package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.HeaderOverlay;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The header list of an outgoing request, put together while the HPACK encoder walks it: pseudo headers from the head,
 * the fields as they were received, then those of the attempt. The head's own header object is read only, so that a
 * retry, a mirror or the log finds it unchanged, and nothing is copied.
 *
 * <p>Only {@link #iterator} is to be used, which is all that the encoder calls. One per connection, filled for each
 * request anew; belongs to its event loop.
 */
public final class RequestBlock extends DefaultHttp2Headers {
    private static final AsciiString SEC_WEBSOCKET_KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final int OWN = 16;

    private final Walk walk = new Walk();
    // Pseudo headers, then what follows the received fields.
    private CharSequence[] names = new CharSequence[OWN];
    private CharSequence[] values = new CharSequence[OWN];
    private int pseudos;
    private int own;
    private int next;
    private boolean tunnel;
    private @Nullable Iterator<Map.Entry<CharSequence, CharSequence>> received;
    private Map.@Nullable Entry<CharSequence, CharSequence> lookedAhead;
    private @Nullable CharSequence name;
    private @Nullable CharSequence value;

    /** An empty block. */
    public RequestBlock() {
        super(false, 2);
    }

    /**
     * Prepares the list of one request.
     *
     * @param fields the head's headers as HTTP/2 fields; pseudo headers in it are passed over
     */
    public RequestBlock fill(RequestHead head, Http2Headers fields, HeaderOverlay overlay) {
        own = 0;
        next = 0;
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
        overlay.forEach(this::put);
        received = fields.iterator();
        lookedAhead = null;
        return this;
    }

    /** Forgets the request. */
    public void reset() {
        Arrays.fill(names, 0, own, null);
        Arrays.fill(values, 0, own, null);
        own = 0;
        received = null;
        lookedAhead = null;
        name = null;
        value = null;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return walk;
    }

    /** The next received field that goes on; null when there is none left. */
    private Map.@Nullable Entry<CharSequence, CharSequence> peek() {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = received;
        while (lookedAhead == null && fields != null && fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (goesOn(field.getKey())) {
                lookedAhead = field;
            }
        }
        return lookedAhead;
    }

    /** An extended CONNECT has no key: the stream itself proves that the server understood (RFC 8441 section 5). */
    private boolean goesOn(CharSequence field) {
        return field.charAt(0) != ':' && !(tunnel && AsciiString.contentEquals(field, SEC_WEBSOCKET_KEY));
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
        @Override
        public boolean hasNext() {
            return next < pseudos || peek() != null || next < own;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            Map.Entry<CharSequence, CharSequence> field = next < pseudos ? null : peek();
            if (field != null) {
                lookedAhead = null;
                name = field.getKey();
                value = field.getValue();
            } else if (next < own) {
                name = names[next];
                value = values[next];
                next++;
            } else {
                throw new NoSuchElementException();
            }
            return this;
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
