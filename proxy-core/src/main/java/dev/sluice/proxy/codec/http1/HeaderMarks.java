package dev.sluice.proxy.codec.http1;

/**
 * Which headers of interest to the codec a head holds, as bits, found while its lines are read: what is not
 * there is never looked up. Most heads hold one of them.
 */
final class HeaderMarks {
    static final int HOST = 1;
    static final int SECOND_HOST = 1 << 1;
    static final int CONTENT_LENGTH = 1 << 2;
    static final int SECOND_CONTENT_LENGTH = 1 << 3;
    static final int TRANSFER_ENCODING = 1 << 4;
    static final int SECOND_TRANSFER_ENCODING = 1 << 5;
    static final int CONNECTION = 1 << 6;
    static final int KEEP_ALIVE = 1 << 7;
    static final int PROXY_CONNECTION = 1 << 8;
    static final int TE = 1 << 9;
    static final int UPGRADE = 1 << 10;
    static final int HTTP2_SETTINGS = 1 << 11;
    static final int EXPECT = 1 << 12;
    static final int MAX_FORWARDS = 1 << 13;
    /** {@code content_length} or {@code transfer_encoding}, which CGI-like servers take for the real ones. */
    static final int UNDERSCORED_FRAMING = 1 << 14;
    /** {@code sec-websocket-key1} of a draft from 2010, for which some servers expect a body of 8 bytes that nothing declares. */
    static final int HIXIE_KEY = 1 << 15;
    /** {@code x-http2-…}: what Netty's own protocol translators read. */
    static final int NETTY_CARRIER = 1 << 16;

    /** Taken off by {@link HopByHop}. */
    static final int HOP_BY_HOP =
            CONNECTION | KEEP_ALIVE | PROXY_CONNECTION | TE | UPGRADE | HTTP2_SETTINGS | TRANSFER_ENCODING;

    private HeaderMarks() {}

    /** The mark of the name at {@code bytes[start, start + length)}; 0 for an ordinary header. */
    static int of(byte[] bytes, int start, int length) {
        return switch (length) {
            case 2 -> is("te", bytes, start) ? TE : 0;
            case 4 -> is("host", bytes, start) ? HOST : 0;
            case 6 -> is("expect", bytes, start) ? EXPECT : 0;
            case 7 -> is("upgrade", bytes, start) ? UPGRADE : 0;
            case 10 -> is("connection", bytes, start) ? CONNECTION : is("keep-alive", bytes, start) ? KEEP_ALIVE : 0;
            case 12 -> is("max-forwards", bytes, start) ? MAX_FORWARDS : carrier(bytes, start);
            case 14 -> ofLength14(bytes, start);
            case 16 -> is("proxy-connection", bytes, start) ? PROXY_CONNECTION : carrier(bytes, start);
            case 17 -> ofLength17(bytes, start);
            case 18 -> is("sec-websocket-key1", bytes, start) ? HIXIE_KEY : carrier(bytes, start);
            default -> length > 8 ? carrier(bytes, start) : 0;
        };
    }

    /** Adds {@code mark} to {@code marks}; of the headers that must be alone, a second one has its own mark. */
    static int add(int marks, int mark) {
        int once = mark & (HOST | CONTENT_LENGTH | TRANSFER_ENCODING);
        return (marks & once) == 0 ? marks | mark : marks | once << 1;
    }

    private static int ofLength14(byte[] bytes, int start) {
        if (is("content-length", bytes, start)) {
            return CONTENT_LENGTH;
        }
        if (bytes[start + 7] == '_') {
            return is("content", bytes, start) && is("length", bytes, start + 8) ? UNDERSCORED_FRAMING : 0;
        }
        return is("http2-settings", bytes, start) ? HTTP2_SETTINGS : carrier(bytes, start);
    }

    private static int ofLength17(byte[] bytes, int start) {
        if (is("transfer-encoding", bytes, start)) {
            return TRANSFER_ENCODING;
        }
        if (bytes[start + 8] == '_') {
            return is("transfer", bytes, start) && is("encoding", bytes, start + 9) ? UNDERSCORED_FRAMING : 0;
        }
        return carrier(bytes, start);
    }

    private static int carrier(byte[] bytes, int start) {
        return bytes[start + 1] == '-' && is("x-http2-", bytes, start) ? NETTY_CARRIER : 0;
    }

    /**
     * Compares without case. Setting the bit of lower case also maps some control characters onto the digits and the
     * hyphen; a name that holds one is refused by the parser.
     */
    private static boolean is(String lowerCase, byte[] bytes, int start) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((bytes[start + i] | 0x20) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
