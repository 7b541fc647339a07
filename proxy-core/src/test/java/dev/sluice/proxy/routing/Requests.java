package dev.sluice.proxy.routing;

import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;

/** Request heads for tests. */
final class Requests {
    private Requests() {}

    static RequestHead get(String path, String... headers) {
        return request("GET", "http", "example.com", path, headers);
    }

    /** @param headers name, value, name, value, … */
    static RequestHead request(String method, String scheme, String authority, String path, String... headers) {
        Headers all = H1Headers.create();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(AsciiString.of(headers[i]), headers[i + 1]);
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, method, path, all)
                .scheme(scheme)
                .authority(authority)
                .build();
    }
}
