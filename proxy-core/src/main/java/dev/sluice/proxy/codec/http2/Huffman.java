package dev.sluice.proxy.codec.http2;

import static io.netty.handler.codec.http2.Http2Error.COMPRESSION_ERROR;

import io.netty.handler.codec.http2.Http2Exception;

/**
 * Decodes the Huffman code of RFC 7541 appendix B, four bits a step. The code is canonical: of two codes of one length the
 * greater belongs to the greater symbol, and a shorter one comes before a longer one, so its lengths say all of it.
 */
final class Huffman {
    /** Lengths of the codes of the symbols 0 to 255 in bits, that of EOS left out. */
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, //
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, //
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, //
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, //
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, //
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, //
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, //
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, //
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, //
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26
    };

    private static final int LONGEST = 30;
    /** Inner nodes of a binary tree with 257 leaves. */
    private static final int NODES = 256;

    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;

    // An entry of STEP: the next node, the symbol in the second byte, and these.
    private static final int SYMBOL_SHIFT = 8;
    private static final int EMITS = 1 << 16;
    private static final int FAILS = 1 << 17;

    /** By node and four bits. */
    private static final int[] STEP = new int[NODES * STEPS];

    /** By node: whether the text may end there, for what was read of a code is padding (section 5.2). */
    private static final boolean[] MAY_END = new boolean[NODES];

    static {
        new Tree().fill();
    }

    private Huffman() {}

    /** So many bytes the text of {@code length} encoded bytes has at most: the shortest code has five bits. */
    static int longestText(int length) {
        return length * 8 / 5 + 1;
    }

    /**
     * Decodes {@code length} bytes of {@code in} from {@code start} on into {@code out}.
     *
     * @return how many bytes were written
     */
    static int decode(byte[] in, int start, int length, byte[] out) throws Http2Exception {
        int node = 0;
        int written = 0;
        for (int i = start; i < start + length; i++) {
            int entry = STEP[(node << STEP_BITS) | ((in[i] & 0xff) >> STEP_BITS)];
            if ((entry & EMITS) != 0) {
                out[written++] = (byte) (entry >> SYMBOL_SHIFT);
            }
            int failed = entry;
            entry = STEP[((entry & 0xff) << STEP_BITS) | (in[i] & (STEPS - 1))];
            if ((entry & EMITS) != 0) {
                out[written++] = (byte) (entry >> SYMBOL_SHIFT);
            }
            if (((failed | entry) & FAILS) != 0) {
                throw Http2Exception.connectionError(COMPRESSION_ERROR, "HPACK: a text holds the end-of-string code");
            }
            node = entry & 0xff;
        }
        if (!MAY_END[node]) {
            throw Http2Exception.connectionError(COMPRESSION_ERROR, "HPACK: wrong padding of a text");
        }
        return written;
    }

    /** The code's tree, from which the tables are filled. A child is a node above zero, or a leaf: the inverse of its symbol. */
    private static final class Tree {
        private static final int EOS = 256;

        private final int[][] children = new int[NODES][2];
        private int nodes = 1;

        void fill() {
            int code = 0;
            for (int length = 1; length <= LONGEST; length++) {
                for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                    if (LENGTHS[symbol] == length) {
                        insert(code++, length, symbol);
                    }
                }
                if (length < LONGEST) {
                    code <<= 1;
                }
            }
            insert(code, LONGEST, EOS);
            for (int node = 0; node < NODES; node++) {
                for (int bits = 0; bits < STEPS; bits++) {
                    STEP[(node << STEP_BITS) | bits] = step(node, bits);
                }
            }
            for (int node = 0, ones = 0; ones < 8; ones++, node = children[node][1]) {
                MAY_END[node] = true;
            }
        }

        private void insert(int code, int length, int symbol) {
            int node = 0;
            for (int bit = length - 1; bit > 0; bit--) {
                int side = (code >> bit) & 1;
                if (children[node][side] == 0) {
                    children[node][side] = nodes++;
                }
                node = children[node][side];
            }
            children[node][code & 1] = ~symbol;
        }

        /** No code is shorter than five bits, so four of them end at most one. */
        private int step(int from, int bits) {
            int node = from;
            int entry = 0;
            for (int bit = STEP_BITS - 1; bit >= 0; bit--) {
                int child = children[node][(bits >> bit) & 1];
                if (child >= 0) {
                    node = child;
                } else if (~child == EOS) {
                    return FAILS;
                } else {
                    entry = EMITS | (~child << SYMBOL_SHIFT);
                    node = 0;
                }
            }
            return entry | node;
        }
    }
}
