package dev.sluice.proxy.exchange;

import java.nio.charset.StandardCharsets;

/** gRPC's side of a local reply (spec/istio-fields.md §9.3). */
public final class GrpcStatus {
    private static final String HEX = "0123456789ABCDEF";

    private GrpcStatus() {}

    /** HTTP status to gRPC status number. */
    public static int ofHttp(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    /** Percent-encodes a {@code grpc-message}: printable ASCII except {@code %} stays (gRPC over HTTP/2, "Status-Message"). */
    public static String encodeMessage(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return encoded.toString();
    }
}
