package dev.sluice.proxy.codec.http2;

import static io.netty.handler.codec.http2.Http2Error.COMPRESSION_ERROR;
import static io.netty.handler.codec.http2.Http2Error.INTERNAL_ERROR;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads header blocks (RFC 7541). Names and values that came before, on whatever connection of the thread, are not made
 * and checked again; what a peer marks as never to be indexed is not remembered, and marked for who sends it on.
 *
 * <p>A block that cannot be read ends the connection with COMPRESSION_ERROR, a malformed list its stream. One per
 * connection; belongs to its event loop.
 */
public final class HpackReader implements Http2HeadersDecoder, Http2HeadersDecoder.Configuration {
    private static final int INDEXED = 0x80;
    private static final int REMEMBERED = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int HUFFMAN = 0x80;

    private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    /** Stands for the thread's before the first block. */
    private static final Scratch NOBODYS = new Scratch(0);

    private final HpackTable table = new HpackTable();
    private final ReceivedBlock block = new ReceivedBlock();
    private long maxBytes;
    private long maxBytesGoAway;
    private long tableLimit = HpackTable.DEFAULT_CAPACITY;
    private boolean updateDue;

    private Scratch scratch = NOBODYS;
    private byte[] bytes = NOBODYS.block;
    private int at;
    private int end;

    // The text that was read last.
    private byte[] text = bytes;
    private int textStart;
    private int textLength;

    /** What the connections of a thread share: buffers, and the texts that come again. */
    private static final class Scratch {
        private static final int BUFFER = 4096;

        private final TextMemory names = new TextMemory(256, 40);
        private final TextMemory values = new TextMemory(512, 80);
        private byte[] block;
        private byte[] decoded;

        Scratch() {
            this(BUFFER);
        }

        Scratch(int size) {
            block = new byte[size];
            decoded = new byte[size];
        }

        byte[] block(int length) {
            return length <= block.length ? block : new byte[length];
        }

        byte[] decoded(int length) {
            return length <= decoded.length ? decoded : new byte[length];
        }
    }

    /** @param maxBytes of a list, as RFC 9113 section 6.5.2 counts them */
    public HpackReader(long maxBytes) {
        this.maxBytes = maxBytes;
        this.maxBytesGoAway = maxBytes;
    }

    /** Where each list is read into, up to what is wrong with it. */
    ReceivedBlock block() {
        return block;
    }

    @Override
    public ReceivedBlock decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
        return read(streamId, headerBlock, headerBlock.readableBytes());
    }

    /** Reads the next {@code length} bytes of {@code in}; the result is the same object each time. */
    ReceivedBlock read(int streamId, ByteBuf in, int length) throws Http2Exception {
        scratch = SCRATCH.get();
        bytes = scratch.block(length);
        try {
            in.readBytes(bytes, 0, length);
            return read(streamId, length);
        } finally {
            // Those of a large block are this block's alone: a connection that rests must not hold them.
            bytes = NOBODYS.block;
            text = NOBODYS.block;
        }
    }

    private ReceivedBlock read(int streamId, int length) throws Http2Exception {
        at = 0;
        end = length;
        block.begin(streamId, maxBytes);
        while (at < end && (bytes[at] & 0xe0) == SIZE_UPDATE) {
            resize(integer(bytes[at++], 0x1f));
        }
        if (updateDue && at < end) {
            throw error("the table had to be made smaller first");
        }
        while (at < end) {
            field(bytes[at++]);
        }
        block.finish();
        return block;
    }

    private void field(byte first) throws Http2Exception {
        if ((first & INDEXED) != 0) {
            int index = known(integer(first, 0x7f));
            block.add(table.name(index), table.value(index), table.fault(index));
        } else if ((first & REMEMBERED) != 0) {
            literal(integer(first, 0x3f), true, false);
        } else if ((first & SIZE_UPDATE) != 0) {
            throw error("a table size update behind a field");
        } else {
            literal(integer(first, 0x0f), false, (first & NEVER_INDEXED) != 0);
        }
    }

    /**
     * @param index of the entry that has the name; 0 when it follows
     * @param indexed goes to the table
     * @param secret never indexed: its value is not remembered for other connections either
     */
    private void literal(int index, boolean indexed, boolean secret) throws Http2Exception {
        AsciiString name;
        String fault;
        if (index == 0) {
            text();
            AsciiString before = scratch.names.find(text, textStart, textLength);
            name = before == null ? copyOfText() : before;
            fault = before == null ? Field.faultOfName(name) : null;
            if (before == null && fault == null) {
                scratch.names.keep(name);
            }
        } else {
            name = table.name(known(index));
            fault = table.fault(index) == null ? null : Field.faultOfName(name);
        }
        text();
        AsciiString before = secret ? null : scratch.values.find(text, textStart, textLength);
        AsciiString value = before == null ? copyOfText() : before;
        if (before == null) {
            String wrong = Field.faultOfValue(value);
            fault = fault == null ? wrong : fault;
            if (wrong == null && !secret) {
                scratch.values.keep(value);
            }
        }
        fault = fault == null ? Field.faultOfBoth(name, value) : fault;
        block.add(name, value, fault, secret);
        if (indexed) {
            table.add(name, value, fault);
        }
    }

    /** The index, of a field that there is. */
    private int known(int index) throws Http2Exception {
        if (!table.has(index)) {
            throw error("no field has the index " + index);
        }
        return index;
    }

    /** Section 5.2. */
    private void text() throws Http2Exception {
        byte first = next();
        int length = integer(first, 0x7f);
        if (length > end - at) {
            throw error("a text goes beyond the block");
        }
        if ((first & HUFFMAN) == 0) {
            text = bytes;
            textStart = at;
            textLength = length;
        } else {
            text = scratch.decoded(Huffman.longestText(length));
            textStart = 0;
            textLength = Huffman.decode(bytes, at, length, text);
        }
        at += length;
    }

    private AsciiString copyOfText() {
        return textLength == 0 ? AsciiString.EMPTY_STRING : new AsciiString(text, textStart, textLength, true);
    }

    /** Section 5.1: the rest of {@code first} below {@code mask}, and where that is full what follows. */
    private int integer(byte first, int mask) throws Http2Exception {
        int value = first & mask;
        if (value < mask) {
            return value;
        }
        long sum = value;
        for (int shift = 0; shift <= 28; shift += 7) {
            byte more = next();
            sum += (long) (more & 0x7f) << shift;
            if (more >= 0) {
                if (sum > Integer.MAX_VALUE) {
                    break;
                }
                return (int) sum;
            }
        }
        throw error("a number that is too large");
    }

    private byte next() throws Http2Exception {
        if (at == end) {
            throw error("the block ends within a field");
        }
        return bytes[at++];
    }

    private void resize(int capacity) throws Http2Exception {
        if (capacity > tableLimit) {
            throw error("a table larger than our SETTINGS allow");
        }
        table.capacity(capacity);
        updateDue = false;
    }

    private static Http2Exception error(String what) {
        return Http2Exception.connectionError(COMPRESSION_ERROR, "HPACK: %s", what);
    }

    // ---- Configuration

    @Override
    public Configuration configuration() {
        return this;
    }

    @Override
    public void maxHeaderTableSize(long max) {
        tableLimit = Math.min(max, Integer.MAX_VALUE);
        updateDue |= tableLimit < table.capacity();
    }

    @Override
    public long maxHeaderTableSize() {
        return tableLimit;
    }

    @Override
    public void maxHeaderListSize(long max, long goAwayMax) throws Http2Exception {
        if (goAwayMax < max) {
            throw Http2Exception.connectionError(INTERNAL_ERROR, "header list: %d and %d", max, goAwayMax);
        }
        maxBytes = max;
        maxBytesGoAway = goAwayMax;
    }

    @Override
    public long maxHeaderListSize() {
        return maxBytes;
    }

    @Override
    public long maxHeaderListSizeGoAway() {
        return maxBytesGoAway;
    }
}
