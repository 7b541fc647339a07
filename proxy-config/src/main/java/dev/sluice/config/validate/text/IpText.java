package dev.sluice.config.validate.text;

/**
 * IP addresses in text, as strict as Go's {@code net/netip}, which reads the same files in Istio: no leading zeros, no
 * shortened IPv4 (RFC 4291 section 2.2 for IPv6, a zone allowed). Nothing is ever resolved.
 */
public final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    /** {@code 10.0.0.1}, {@code 2001:db8::1}, {@code fe80::1%eth0}. */
    public static boolean isAddress(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0) {
            return zone < text.length() - 1 && isV6(text.substring(0, zone));
        }
        return text.indexOf(':') >= 0 ? isV6(text) : isV4(text);
    }

    /** An address, or an address with a prefix length: {@code 10.0.0.0/8}. */
    public static boolean isSubnet(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return isAddress(text);
        }
        String address = text.substring(0, slash);
        if (address.indexOf('%') >= 0 || !isAddress(address)) {
            return false;
        }
        return number(text.substring(slash + 1), address.indexOf(':') >= 0 ? 128 : 32);
    }

    private static boolean isV4(String text) {
        int from = 0;
        for (int part = 0; part < 4; part++) {
            int dot = text.indexOf('.', from);
            boolean last = part == 3;
            if ((dot < 0) != last || !number(text.substring(from, last ? text.length() : dot), 255)) {
                return false;
            }
            from = dot + 1;
        }
        return true;
    }

    private static boolean isV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == GROUPS;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        int before = head.isEmpty() ? 0 : head.indexOf('.') >= 0 ? -1 : groups(head);
        int after = tail.isEmpty() ? 0 : groups(tail);
        return before >= 0 && after >= 0 && before + after < GROUPS;
    }

    /** How many 16-bit groups {@code text} spells, or -1 when it spells none. */
    private static int groups(String text) {
        int count = 0;
        int from = 0;
        while (from <= text.length()) {
            int colon = text.indexOf(':', from);
            String group = text.substring(from, colon < 0 ? text.length() : colon);
            if (colon < 0 && group.indexOf('.') >= 0) {
                return isV4(group) ? count + 2 : -1;
            }
            if (!isHex(group)) {
                return -1;
            }
            count++;
            if (colon < 0) {
                break;
            }
            from = colon + 1;
        }
        return count;
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 'f' || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 4;
    }

    /** Decimal digits without a leading zero, at most {@code max}. */
    private static boolean number(String text, int max) {
        if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        return value <= max;
    }
}
