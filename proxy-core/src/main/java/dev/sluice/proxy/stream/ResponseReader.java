package dev.sluice.proxy.stream;

/** Owner of a {@link ClientStream}: takes the response. */
public interface ResponseReader extends BodyReader {
    /** A 1xx other than 101. */
    void onInformational(ResponseHead head);

    /** The response's head; {@code last} when neither body nor trailers follow. */
    void onHead(ResponseHead head, boolean last);

    /** The request writer takes data again; called after {@link BodyWriter#isWritable()} had been seen false. */
    void onWritable();
}
