package dev.sluice.proxy.format;

import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code %PATH(WQ|NQ:ORIG|PATH|ORIG_OR_PATH)%} and {@code %QUERY_PARAM(name)%} say of a request's target, as in Envoy.
 * Text is wire text. Immutable.
 */
@FunctionalInterface
public interface TargetPart {
    /** Null when there is none. */
    @Nullable
    String of(RequestHead request);

    /**
     * The path, with its query (WQ, the default) or without (NQ): as it came where a rewrite changed it (ORIG), as it is now
     * (PATH), or the first of these that there is (the default).
     *
     * @throws IllegalArgumentException for another argument
     */
    static TargetPart path(@Nullable String argument) {
        String[] words = (argument == null ? "" : argument).split(":", -1);
        String which = words.length > 1 ? words[1] : "";
        boolean known = words.length <= 2
                && Set.of("", "WQ", "NQ").contains(words[0])
                && Set.of("", "ORIG", "PATH", "ORIG_OR_PATH").contains(which);
        if (!known) {
            throw new IllegalArgumentException(
                    "operator %PATH% takes WQ or NQ, and after a colon ORIG, PATH or ORIG_OR_PATH, was given ("
                            + argument + ")");
        }
        boolean query = !words[0].equals("NQ");
        return request -> {
            String path = chosen(request, which);
            if (path == null || query) {
                return path;
            }
            return path.substring(0, RequestField.endOfPath(path));
        };
    }

    private static @Nullable String chosen(RequestHead request, String which) {
        String received = request.receivedPath();
        boolean changed = !received.equals(request.path());
        return switch (which) {
            case "PATH" -> request.path();
            case "ORIG" -> changed ? received : null;
            default -> received;
        };
    }

    /**
     * The first value of a parameter, its escapes decoded; a plus sign stays one.
     *
     * @throws IllegalArgumentException when the name is missing
     */
    static TargetPart queryParameter(@Nullable String argument) {
        if (argument == null || argument.isBlank()) {
            throw new IllegalArgumentException("operator %QUERY_PARAM(name)% needs the name of a parameter");
        }
        RequestField parameter = RequestField.query(argument.strip());
        return request -> {
            CharSequence value = parameter.read(request, RequestField.endOfPath(request.path()));
            return value == null ? null : decode(value.toString());
        };
    }

    private static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] to = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            int high = value.charAt(i) == '%' && i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(value.charAt(i + 2), 16);
            if (low >= 0) {
                to[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                to[length++] = (byte) value.charAt(i);
            }
        }
        return new String(to, 0, length, StandardCharsets.ISO_8859_1);
    }
}
