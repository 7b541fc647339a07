package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.H2Headers;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
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
    public static @Nullable ResponseHead read(Http2Headers headers, int maxHeaders, boolean tunnel) {
        CharSequence text = headers.status();
        int status = text != null && text.length() == 3 ? Fields.number(text) : -1;
        // 101 has no meaning in HTTP/2 (RFC 9113 section 8.6).
        if (status < 100 || status == 101 || !passFields(headers, maxHeaders)) {
            return null;
        }
        int modelled = tunnel && status >= 200 && status <= 299 ? 101 : status;
        long length = modelled == 101 ? -1 : Fields.contentLength(headers);
        return new ResponseHead(modelled, new H2Headers(headers), length);
    }

    private static boolean passFields(Http2Headers headers, int maxHeaders) {
        int count = 0;
        boolean carriers = false;
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            CharSequence name = entry.getKey();
            if (name.charAt(0) == ':') {
                continue;
            }
            if (++count > maxHeaders || Fields.endsBlank(entry.getValue())) {
                return false;
            }
            carriers |= Fields.isCarrier(name);
        }
        if (carriers) {
            Fields.removeCarriers(headers);
        }
        return true;
    }
}
