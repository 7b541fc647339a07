package dev.sluice.proxy.stream;

import dev.sluice.proxy.stream.headers.Headers;

/**
 * Start of a response, also of an informational one.
 *
 * <p>Not thread-safe; belongs to the stream's event loop.
 */
public final class ResponseHead {
    private final int status;
    private final Headers headers;
    private final long contentLength;

    /**
     * @param status 100 to 999; 101 opens a tunnel whatever the protocol (an HTTP/2 codec writes it as 200)
     * @param headers end-to-end headers, with {@code content-length} where the sender declared it
     * @param contentLength declared length of the body in bytes, -1 when unknown
     */
    public ResponseHead(int status, Headers headers, long contentLength) {
        this.status = status;
        this.headers = headers;
        this.contentLength = contentLength;
    }

    /** 100 to 999. */
    public int status() {
        return status;
    }

    /** End-to-end headers. */
    public Headers headers() {
        return headers;
    }

    /** Declared length of the body in bytes, -1 when unknown. */
    public long contentLength() {
        return contentLength;
    }

    /** 100 and 102 to 199: further heads follow. 101 is final here, it starts a tunnel. */
    public boolean isInformational() {
        return status < 200 && status != 101;
    }

    /**
     * Whether a response of that status has no content, whatever length its head declares (RFC 9110 sections 15.3.5, 15.3.6
     * and 15.4.5): 204, 205, 304.
     */
    public static boolean isWithoutContent(int status) {
        return status == 204 || status == 205 || status == 304;
    }

    @Override
    public String toString() {
        return status + " " + headers;
    }
}
