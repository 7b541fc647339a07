package dev.sluice.config.validate.text;

import dev.sluice.config.crd.tree.Quote;
import org.jspecify.annotations.Nullable;

/**
 * Names of DNS as Istio's validation takes them (spec §11, common predicates): letters of either case, a trailing dot
 * allowed, a last label that is no number.
 */
public final class DnsText {
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 255;

    private DnsText() {}

    /** A DNS-1123 label: letters, digits and inner hyphens, at most 63. */
    public static boolean isLabel(String text) {
        return isLabel(text, 0);
    }

    /** A label, {@code *}, {@code *label} or {@code *-label}. */
    public static boolean isWildcardLabel(String text) {
        if (text.equals("*")) {
            return true;
        }
        int from = text.startsWith("*-") ? 2 : text.startsWith("*") ? 1 : 0;
        return isLabel(text, from);
    }

    /** Whether {@link #fqdnProblem} finds none. */
    public static boolean isFqdn(String text) {
        return fqdnProblem(text) == null;
    }

    /** Why {@code text} is no fully qualified name, as the end of a sentence; null when it is one. */
    public static @Nullable String fqdnProblem(String text) {
        String length = lengthProblem(text);
        return length != null ? length : labelsProblem(text, text, false);
    }

    /** Why {@code text} is neither a name nor a name whose first label is a wildcard; null when it is one. */
    public static @Nullable String wildcardDomainProblem(String text) {
        String length = lengthProblem(text);
        if (length != null) {
            return length;
        }
        int dot = text.indexOf('.');
        String first = dot < 0 ? text : text.substring(0, dot);
        if (!isWildcardLabel(first)) {
            return badLabel(text, first, true);
        }
        return dot < 0 ? null : labelsProblem(text, text.substring(dot + 1), true);
    }

    /** Whether there is a wildcard in {@code text} that is neither {@code *} alone nor a whole first label. */
    public static boolean isPartialWildcard(String text) {
        return text.indexOf('*') >= 0 && text.length() != 1 && !text.startsWith("*.");
    }

    private static @Nullable String lengthProblem(String text) {
        if (text.isEmpty()) {
            return "must not be empty";
        }
        return text.length() > MAX_NAME ? "is longer than " + MAX_NAME + " characters" : null;
    }

    /** @param wildcard whether the name might begin with one */
    private static @Nullable String labelsProblem(String name, String labels, boolean wildcard) {
        int last = labels.lastIndexOf('.') + 1;
        if (isNumber(labels, last)) {
            return noName(name, "its last label must not be a number");
        }
        int from = 0;
        while (from < labels.length()) {
            int dot = labels.indexOf('.', from);
            int end = dot < 0 ? labels.length() : dot;
            String label = labels.substring(from, end);
            if (!isLabel(label)) {
                return badLabel(name, label, wildcard);
            }
            from = end + 1;
        }
        return null;
    }

    private static String badLabel(String name, String label, boolean wildcard) {
        int colon = label.indexOf(':');
        if (wildcard && label.indexOf('*') >= 0) {
            return noName(name, "a wildcard is one \"*\" at its beginning, as in \"*.example.com\"");
        } else if (colon > 0 && isNumber(label, colon + 1)) {
            return noName(name, "a port, here " + Quote.of(label.substring(colon)) + ", is no part of it");
        }
        return noName(name, Quote.of(label) + " must be letters, digits and inner hyphens, at most 63");
    }

    private static String noName(String name, String why) {
        return Quote.of(name)
                + (IpText.isAddress(name) ? " is an IP address, and no host name" : " is no host name: " + why);
    }

    private static boolean isNumber(String text, int from) {
        int at = from < text.length() && (text.charAt(from) == '-' || text.charAt(from) == '+') ? from + 1 : from;
        for (int i = at; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return at < text.length();
    }

    private static boolean isLabel(String text, int from) {
        if (text.length() == from || text.length() > MAX_LABEL) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            boolean inner = i > from && i < text.length() - 1;
            if (!isAlphanumeric(text.charAt(i)) && !(inner && text.charAt(i) == '-')) {
                return false;
            }
        }
        return true;
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
