package dev.sluice.config.plan.words;

import java.util.Locale;
import java.util.Set;

/**
 * Headers that frame a message or belong to one connection. Whoever writes a message owns them: an operation on {@code
 * content-length} or {@code transfer-encoding} could make two messages of one.
 */
public final class FramingHeaders {
    private static final Set<String> NAMES = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private FramingHeaders() {}

    /** Whether {@code name}, in any case, is one of them. */
    public static boolean contains(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }
}
