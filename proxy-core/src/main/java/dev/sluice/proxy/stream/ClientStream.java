package dev.sluice.proxy.stream;

import dev.sluice.proxy.stream.headers.HeaderOverlay;

/**
 * Upstream end of one attempt, offered by a client codec: writes the request, gates the response. The {@link
 * ResponseReader} it was opened with is called on the same event loop.
 */
public interface ClientStream extends BodyWriter {
    /**
     * Starts the request, once.
     *
     * @param head not changed by the codec, also used by later attempts
     * @param overlay headers of this attempt only
     * @param last neither body nor trailers follow
     */
    void head(RequestHead head, HeaderOverlay overlay, boolean last);

    /** Gate of the response body. */
    ReadGate responseGate();

    /** The connection that carries it. */
    ClientConnection connection();
}
