package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes header blocks (RFC 7541). A field goes into the peer's table when it comes for the second time: most of what comes
 * once never comes again (request ids, traces), and would drive out what does. Credentials never go there: on a connection
 * that carries the requests of many clients, one could find out by the size of his own what another's are (section 7.1);
 * nor does what its sender marked as never to be indexed (section 7.1.3).
 *
 * <p>No text is written in Huffman's code: at both ends that costs more time than the bytes that it saves.
 *
 * <p>One per connection; belongs to its event loop.
 */
final class HpackWriter implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
    private static final int INDEXED = 0x80;
    private static final int REMEMBERED = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final int NEVER_INDEXED = 0x10;

    /** Larger fields leave no room for others. */
    private static final int LARGEST_REMEMBERED = SentTable.MOST / 4;
    /** A shorter cookie could be guessed (as nghttp2 has it). */
    private static final int SHORT_COOKIE = 20;

    private static final int SEEN = 128;
    /** Beside the texts of a field: its index and two lengths, of at most six bytes each. */
    private static final int NUMBERS = 18;

    private static final int EXPECTED = 2 * 1024;
    private static final int MOST_KEPT = 32 * 1024;

    private static final byte[] NOTHING = {};
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[EXPECTED];
        }
    };

    private final SentTable table = new SentTable();
    private final int[] seen = new int[SEEN];
    private long maxListSize = Integer.MAX_VALUE;
    /** What the peer has to be told of its table before the next block; -1 for nothing. */
    private int leastCapacity = -1;

    private byte[] bytes = NOTHING;
    private int at;

    /**
     * Puts a block together.
     *
     * @return its length; it is in {@link #bytes} until {@link #forget}, or the next block of any connection of the thread
     */
    int write(SentBlock headers) {
        begin();
        for (headers.rewind(); headers.next(); ) {
            field(headers.name(), headers.value(), headers.isSecret());
        }
        return end();
    }

    /** Holds the block that was written last. */
    byte[] bytes() {
        return bytes;
    }

    /** The block was taken out of {@link #bytes}, which may be large: a connection that rests must not hold them. */
    void forget() {
        bytes = NOTHING;
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
        begin();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            field(AsciiString.of(header.getKey()), header.getValue(), false);
        }
        buffer.writeBytes(bytes, 0, end());
        forget();
    }

    private void begin() {
        bytes = SCRATCH.get();
        at = 0;
        int least = leastCapacity;
        if (least >= 0) {
            leastCapacity = -1;
            ensure(NUMBERS);
            if (least < table.capacity()) {
                integer(SIZE_UPDATE, 0x1f, least);
            }
            integer(SIZE_UPDATE, 0x1f, table.capacity());
        }
    }

    private int end() {
        if (bytes.length > EXPECTED && bytes.length <= MOST_KEPT) {
            SCRATCH.set(bytes);
        }
        return at;
    }

    /** @param secret it was received as one that is never indexed, and stays one */
    private void field(AsciiString name, CharSequence value, boolean secret) {
        int fixed = HpackTable.firstOf(name);
        if (secret) {
            literal(name, value, fixed, 0, true);
            return;
        }
        int known = fixed == 0 ? 0 : HpackTable.indexOf(fixed, value);
        int hash = name.hashCode() * 31 + AsciiString.hashCode(value);
        if (known == 0) {
            int sent = table.find(hash, name, value);
            known = sent == 0 ? 0 : HpackTable.FIXED_FIELDS + sent;
        }
        if (known > 0) {
            ensure(NUMBERS);
            integer(INDEXED, 0x7f, known);
        } else {
            literal(name, value, fixed, hash, isSecret(name, value));
        }
    }

    private void literal(AsciiString name, CharSequence value, int fixed, int hash, boolean secret) {
        ensure(NUMBERS + name.length() + value.length());
        int index = fixed;
        if (index == 0) {
            int sent = table.findName(name);
            index = sent == 0 ? 0 : HpackTable.FIXED_FIELDS + sent;
        }
        int size = Field.OVERHEAD + name.length() + value.length();
        boolean remembered = !secret && size <= LARGEST_REMEMBERED && size <= table.capacity() && isSecond(hash);
        if (remembered) {
            integer(REMEMBERED, 0x3f, index);
        } else {
            integer(secret ? NEVER_INDEXED : 0, 0x0f, index);
        }
        if (index == 0) {
            text(name);
        }
        text(value);
        if (remembered) {
            table.add(hash, name, value, size);
        }
    }

    private static boolean isSecret(AsciiString name, CharSequence value) {
        return name.equals(HttpHeaderNames.AUTHORIZATION)
                || name.equals(HttpHeaderNames.PROXY_AUTHORIZATION)
                || (name.equals(HttpHeaderNames.COOKIE) && value.length() < SHORT_COOKIE);
    }

    /** Whether a field was seen of late, as far as that is remembered. */
    private boolean isSecond(int hash) {
        int place = (hash * 0x9e3779b9) >>> 25;
        boolean before = seen[place] == hash;
        seen[place] = hash;
        return before;
    }

    // ---- bytes

    private void ensure(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(at + more, 2 * bytes.length));
        }
    }

    /** Section 5.1. */
    private void integer(int pattern, int mask, int value) {
        if (value < mask) {
            bytes[at++] = (byte) (pattern | value);
            return;
        }
        bytes[at++] = (byte) (pattern | mask);
        int rest = value - mask;
        for (; rest > 0x7f; rest >>>= 7) {
            bytes[at++] = (byte) (rest | 0x80);
        }
        bytes[at++] = (byte) rest;
    }

    /** Section 5.2. */
    private void text(CharSequence text) {
        int length = text.length();
        integer(0, 0x7f, length);
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, at, length);
        } else {
            String characters = text.toString();
            for (int i = 0; i < length; i++) {
                char c = characters.charAt(i);
                // What is no octet must not become another one by losing its high bits.
                bytes[at + i] = c > 0xff ? (byte) '?' : (byte) c;
            }
        }
        at += length;
    }

    // ---- Configuration

    @Override
    public Configuration configuration() {
        return this;
    }

    /** What the peer offers; of which no more is used than {@value SentTable#MOST} bytes. */
    @Override
    public void maxHeaderTableSize(long max) {
        int capacity = (int) Math.min(max, SentTable.MOST);
        if (capacity != table.capacity()) {
            leastCapacity = leastCapacity < 0 ? capacity : Math.min(leastCapacity, capacity);
            table.capacity(capacity);
        }
    }

    @Override
    public long maxHeaderTableSize() {
        return table.capacity();
    }

    /** Kept only to be told: the peer's limit is advice. */
    @Override
    public void maxHeaderListSize(long max) {
        maxListSize = max;
    }

    @Override
    public long maxHeaderListSize() {
        return maxListSize;
    }
}
