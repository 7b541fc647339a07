package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
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

    /** The HTTP status that a gRPC status stands for where HTTP statuses are counted, as Envoy maps them. */
    public static int toHttp(int grpcStatus) {
        return switch (grpcStatus) {
            case 0 -> 200;
            case 1 -> 499;
            case 3, 9, 11 -> 400;
            case 4 -> 504;
            case 5 -> 404;
            case 6, 10 -> 409;
            case 7 -> 403;
            case 8 -> 429;
            case 12 -> 501;
            case 14 -> 503;
            case 16 -> 401;
            default -> 500;
        };
    }

    /** The {@code grpc-status} of a head or of trailers; -1 when there is none that is a number of two digits at most. */
    static int in(Headers headers) {
        CharSequence value = headers.get(HeaderNames.GRPC_STATUS);
        if (value == null || value.length() == 0 || value.length() > 2) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
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
