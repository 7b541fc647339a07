package dev.sluice.config.translate.registry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** IP addresses as configuration writes them. */
final class IpText {
    private IpText() {}

    /** Whether {@code text} is an IPv4 or IPv6 literal, without brackets or prefix length. */
    static boolean isLiteral(String text) {
        return text.indexOf(':') >= 0 ? isIpv6(text) : isIpv4(text);
    }

    /** A virtual IP in lower case; null for a range. A range of one address, {@code /32} or {@code /128}, is that one. */
    static @Nullable String single(String address) {
        int slash = address.indexOf('/');
        String ip = slash < 0 ? address : address.substring(0, slash);
        if (!isLiteral(ip)) {
            return null;
        }
        String all = ip.indexOf(':') < 0 ? "/32" : "/128";
        return slash < 0 || address.substring(slash).equals(all) ? ip.toLowerCase(Locale.ROOT) : null;
    }

    private static boolean isIpv4(String text) {
        int parts = 0;
        int at = 0;
        while (at <= text.length()) {
            int end = text.indexOf('.', at);
            end = end < 0 ? text.length() : end;
            if (end == at || end - at > 3) {
                return false;
            }
            int value = 0;
            for (int i = at; i < end; i++) {
                char c = text.charAt(i);
                if (c < '0' || c > '9') {
                    return false;
                }
                value = value * 10 + (c - '0');
            }
            if (value > 255) {
                return false;
            }
            parts++;
            at = end + 1;
        }
        return parts == 4;
    }

    /** Tells it from a host name or a path, which hold no colon; its groups are validation's business. */
    private static boolean isIpv6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
