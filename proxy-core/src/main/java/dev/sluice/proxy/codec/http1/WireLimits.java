package dev.sluice.proxy.codec.http1;

import io.netty.handler.codec.http.HttpDecoderConfig;

/**
 * Limits of HTTP/1 text, in bytes but for the number of headers.
 *
 * @param maxLineBytes request or status line
 * @param maxHeaderBytes names and values of all headers
 * @param maxHeaders number of headers, and of trailers
 * @param maxExtensionBytes extensions of one chunk
 * @param maxExtensionBytesPerBody extensions of all chunks of a body
 */
public record WireLimits(
        int maxLineBytes, int maxHeaderBytes, int maxHeaders, int maxExtensionBytes, int maxExtensionBytesPerBody) {
    /** A read buffer's size: what was read at once is handed on in one piece. */
    private static final int MAX_PIECE = 65_536;

    /** Netty's settings; what system properties could weaken is set too. */
    HttpDecoderConfig decoderConfig() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(maxLineBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(MAX_PIECE)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false);
    }
}
