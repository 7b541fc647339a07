package dev.sluice.proxy.codec;

import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Heads, headers and bodies for tests, of HTTP/2. */
public final class Heads {
    private Heads() {}

    public static Headers headers(String... namesAndValues) {
        H2Headers headers = H2Headers.create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(AsciiString.of(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return headers;
    }

    public static ResponseHead response(int status, String... namesAndValues) {
        return new ResponseHead(status, headers(namesAndValues), -1);
    }

    public static RequestHead request(String method, String path, String... namesAndValues) {
        return RequestHead.builder(HttpVersion.HTTP_2, method, path, headers(namesAndValues))
                .authority("shop")
                .build();
    }

    public static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    public static ByteBuf zeros(int length) {
        return Unpooled.buffer(length).writeZero(length);
    }

    public static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }
}
