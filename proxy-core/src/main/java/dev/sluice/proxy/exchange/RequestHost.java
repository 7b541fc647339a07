package dev.sluice.proxy.exchange;

import java.util.Locale;

/** The host that a request asks for, after every rewrite: its authority without port and brackets, lower-case. */
public final class RequestHost {
    private RequestHost() {}

    /** Of the request that {@code attempt} is a try of. */
    public static String of(Attempt attempt) {
        return of(attempt.exchange().request().authority());
    }

    private static String of(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        String host = colon > bracket ? authority.substring(0, colon) : authority;
        if (bracket > 0 && host.startsWith("[")) {
            host = host.substring(1, bracket);
        }
        return host.toLowerCase(Locale.ROOT);
    }
}
