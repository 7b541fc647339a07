package dev.sluice.proxy.stream;

/** Owner of a {@link ServerStream}: takes the request's body and is told about the response writer. */
public interface RequestReader extends BodyReader {
    /** The response writer takes data again; called after {@link BodyWriter#isWritable()} had been seen false. */
    void onWritable();

    /**
     * What came of the request breaks the protocol, nothing more of it will be read, and no response has begun.
     *
     * @return whether it was answered; the codec answers otherwise
     */
    default boolean onRefused(ProxyError reason) {
        onReset(reason);
        return false;
    }
}
