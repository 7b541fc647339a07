package dev.sluice.bench.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The request that all benchmarks send, in both protocols: a GET with ten headers, one of them its host. */
public final class Samples {
    private static final String PATH = "/reviews/7";
    private static final String HOST = "bench.test";

    private Samples() {}

    /** Its headers without the host, in order. */
    public static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("user-agent", "bench/1.0");
        fields.put("accept", "application/json");
        fields.put("accept-language", "en");
        fields.put("accept-encoding", "gzip");
        fields.put("authorization", "Bearer 0123456789abcdef");
        fields.put("cookie", "session=0123456789abcdef");
        fields.put("end-user", "anna");
        fields.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        fields.put("x-request-id", "0af76519-16cd-43dd-8448-eb211c80319c");
        return fields;
    }

    /** As HTTP/1.1 has it. */
    public static byte[] http1Request() {
        return http1Request(Map.of());
    }

    /** The same with {@code more} headers. */
    static byte[] http1Request(Map<String, String> more) {
        StringBuilder text = new StringBuilder("GET " + PATH + " HTTP/1.1\r\nhost: " + HOST + "\r\n");
        fields().forEach((name, value) ->
                text.append(name).append(": ").append(value).append("\r\n"));
        more.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** As a header block of HTTP/2. */
    public static byte[] http2Block() {
        return http2Block(Map.of());
    }

    /** The same with {@code more} headers. */
    static byte[] http2Block(Map<String, String> more) {
        List<String> fields = new ArrayList<>(List.of(":path", PATH, ":authority", HOST));
        fields().forEach((name, value) -> fields.addAll(List.of(name, value)));
        more.forEach((name, value) -> fields.addAll(List.of(name, value)));
        // :method GET, :scheme http
        return Frames.block(new byte[] {(byte) 0x82, (byte) 0x86}, fields.toArray(new String[0]));
    }
}
