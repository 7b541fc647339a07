package dev.sluice.proxy.policy.headers;

import dev.sluice.proxy.format.Format;
import dev.sluice.proxy.format.FormatSource;
import org.jspecify.annotations.Nullable;

/**
 * A configured header value. Whatever its operators yield, the result fits into a header: control characters become spaces,
 * blanks at the ends go, and its length is bounded (spec/reliability.md E6). Immutable.
 */
final class HeaderValue {
    /** A value that copies others must not blow up a head without bound. */
    static final int MAX_LENGTH = 16 * 1024;

    private final Format format;
    private final @Nullable String constant;

    private HeaderValue(Format format) {
        this.format = format;
        String literal = format.literal();
        this.constant = literal == null ? null : clean(new StringBuilder(literal));
    }

    /**
     * An operator that there is not gives nothing; {@code check} tells it.
     *
     * @throws IllegalArgumentException for a control character other than a tab
     */
    static HeaderValue compile(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                throw new IllegalArgumentException("a header value holds the control character U+"
                        + Integer.toHexString(0x10000 | text.charAt(i)).substring(1));
            }
        }
        return new HeaderValue(Format.lenient(text));
    }

    /** Whether it is the same for every request. */
    boolean isConstant() {
        return constant != null;
    }

    /** The value; empty when there is none to write. */
    String of(FormatSource source) {
        if (constant != null) {
            return constant;
        }
        StringBuilder value = new StringBuilder();
        format.append(source, value);
        return clean(value);
    }

    private static String clean(StringBuilder value) {
        int end = Math.min(value.length(), MAX_LENGTH);
        for (int i = 0; i < end; i++) {
            if (isControl(value.charAt(i))) {
                value.setCharAt(i, ' ');
            }
        }
        int start = 0;
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isControl(char c) {
        return (c < ' ' && c != '\t') || c == 0x7f;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
