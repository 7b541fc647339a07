package dev.sluice.proxy.codec.http1;

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
        int maxLineBytes, int maxHeaderBytes, int maxHeaders, int maxExtensionBytes, int maxExtensionBytesPerBody) {}
