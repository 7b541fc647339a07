package dev.sluice.proxy.explain;

import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.Headers;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody asks about.
 *
 * @param method with case
 * @param scheme {@code http} or {@code https}
 * @param authority host, with the port where the URL has one
 * @param port of the URL; -1 when it has none
 * @param target path and query
 * @param headers {@code name: value}; a {@code Host} replaces the authority
 * @param from {@code outbound}, {@code inbound} or {@code gateway:NS/NAME}; null lets the configuration decide
 */
public record Question(
        String method,
        String scheme,
        String authority,
        int port,
        String target,
        List<String> headers,
        @Nullable String from) {
    public Question {
        headers = List.copyOf(headers);
    }

    /**
     * Reads the words of a command line.
     *
     * @throws IllegalArgumentException when the URL or a header is malformed; the message says how
     */
    public static Question of(String method, String url, List<String> headers, @Nullable String from) {
        AskedUrl asked = AskedUrl.parse(url);
        String authority = asked.authority();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("-H takes 'name: value', not '" + header + "'");
            }
            if (header.substring(0, colon).trim().equalsIgnoreCase("host")) {
                authority = header.substring(colon + 1).trim();
            }
        }
        return new Question(method, asked.scheme(), authority, asked.port(), asked.target(), headers, from);
    }

    /** A fresh head of the request. */
    RequestHead head() {
        Headers fields = H1Headers.create();
        for (String header : headers) {
            int colon = header.indexOf(':');
            String name = header.substring(0, colon).trim().toLowerCase(Locale.ROOT);
            if (!name.equals("host")) {
                fields.add(AsciiString.of(name), header.substring(colon + 1).trim());
            }
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, method, target, fields)
                .scheme(scheme)
                .authority(authority)
                .build();
    }
}
