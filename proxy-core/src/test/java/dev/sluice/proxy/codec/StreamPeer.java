package dev.sluice.proxy.codec;

import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ResponseReader;
import java.util.List;

/**
 * The other end of a stream in {@link StreamContractTest}: a client before a server codec, or an upstream before a
 * client codec. It speaks its protocol as it should, and tells what it sees of ours in words that all protocols share:
 * {@code HEAD} or a status, the text of the body (pieces joined), {@code trailers}, {@code |} for the end of the
 * message, {@code cut} where the stream ended before it.
 */
interface StreamPeer extends AutoCloseable {
    /** Sends a head: of a POST that takes trailers, or of a 200. */
    void head(boolean last);

    /** Sends a piece of the body. */
    void data(String text, boolean last);

    /** Ends the message with a trailer {@code x-sum: 1}. */
    void trailers();

    /** Gives the stream up in both directions. */
    void reset();

    /** Takes no bytes, or takes them again. */
    void block(boolean block);

    /** All that it has seen of our message, in order. */
    List<String> seen();

    /** Ends the test. */
    @Override
    void close();

    /** Before a server codec. */
    interface OfServer extends StreamPeer {
        /** What the codec hands its requests to. */
        TakenRequests app();
    }

    /** Before a client codec. */
    interface OfClient extends StreamPeer {
        /** Opens a stream and sends a POST's head, body to follow. */
        ClientStream open(ResponseReader reader);

        /** Sends a 103. */
        void informational();
    }
}
