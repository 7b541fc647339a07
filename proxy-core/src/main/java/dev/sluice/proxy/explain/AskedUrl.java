package dev.sluice.proxy.explain;

import java.util.Locale;

/**
 * The parts of a URL as a client would send them. Not {@code java.net.URI}: that refuses what clients send and routers
 * match, such as {@code |} in a path, and reads no port where a host has an underscore.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority host, with the port where the URL has one
 * @param port -1 when it has none
 * @param target path and query, without the fragment
 */
record AskedUrl(String scheme, String authority, int port, String target) {
    /** RFC 3986, section 3.2: printable, but in none of its parts. */
    private static final String NEVER_IN_AUTHORITY = "\"<>\\^`{|}";

    /** @throws IllegalArgumentException when it is none; the message says why */
    static AskedUrl parse(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException(
                        "not a URL: what stands at " + i + " in '" + url + "' must be percent-encoded");
            }
        }
        int colon = url.indexOf("://");
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        int start = colon + 3;
        int path = endOfAuthority(url, start);
        if (!(scheme.equals("http") || scheme.equals("https")) || path == start) {
            throw new IllegalArgumentException("the URL must be http://HOST/PATH or https://HOST/PATH, not " + url);
        }
        String authority = url.substring(start, path);
        for (int i = 0; i < authority.length(); i++) {
            if (NEVER_IN_AUTHORITY.indexOf(authority.charAt(i)) >= 0) {
                throw new IllegalArgumentException("not a URL: '" + authority + "' is no host");
            }
        }
        // A client keeps the user's name for itself.
        authority = authority.substring(authority.lastIndexOf('@') + 1);
        int fragment = url.indexOf('#', path);
        String target = url.substring(path, fragment < 0 ? url.length() : fragment);
        return new AskedUrl(scheme, authority, port(authority), target.startsWith("/") ? target : "/" + target);
    }

    /** The authority without port and brackets. */
    String host() {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', bracket + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        return bracket > 0 && host.startsWith("[") ? host.substring(1, bracket) : host;
    }

    private static int endOfAuthority(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }

    private static int port(String authority) {
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        if (colon < 0 || colon == authority.length() - 1) {
            return -1;
        }
        try {
            int port = Integer.parseInt(authority.substring(colon + 1));
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a URL: the port of '" + authority + "' is no number", e);
        }
        throw new IllegalArgumentException("not a URL: the port of '" + authority + "' is not one of 1 to 65535");
    }
}
