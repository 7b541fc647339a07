package dev.sluice.proxy.stream;

/** Owner of a {@link ServerStream}: takes the request's body and is told about the response writer. */
public interface RequestReader extends BodyReader {
    /** The response writer takes data again; called after {@link BodyWriter#isWritable()} had been seen false. */
    void onWritable();
}
