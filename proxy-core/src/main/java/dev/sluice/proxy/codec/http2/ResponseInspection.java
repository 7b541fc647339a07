package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ResponseHead} of a received header list, or says that it is none (spec/reliability.md B36, B48). Static;
 * any thread.
 */
public final class ResponseInspection {
    private ResponseInspection() {}

    /**
     * Reads a response's head.
     *
     * @param tunnel the response answers an extended CONNECT: 200 to 299 opens the tunnel, which the stream model calls
     *     101
     * @return null when the response is malformed
     */
    public static @Nullable ResponseHead read(ReceivedBlock block, int maxHeaders, boolean tunnel) {
        CharSequence text = block.status();
        int status = text != null && text.length() == 3 ? Fields.number(text) : -1;
        H2Headers headers = block.take();
        long length = block.contentLength();
        // 101 has no meaning in HTTP/2 (RFC 9113 section 8.6).
        if (status < 100 || status == 101 || headers.size() > maxHeaders || length == ReceivedBlock.MALFORMED) {
            return null;
        }
        boolean opened = tunnel && status >= 200 && status <= 299;
        return new ResponseHead(opened ? 101 : status, headers, opened ? -1 : length);
    }
}
