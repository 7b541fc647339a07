package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.Attempt;
import java.util.Locale;

/** The host that a request asks for, after every rewrite: its authority without port and brackets, lower-case. */
final class RequestHost {
    private RequestHost() {}

    static String of(Attempt attempt) {
        return of(attempt.exchange().request().authority());
    }

    static String of(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        String host = colon > bracket ? authority.substring(0, colon) : authority;
        if (bracket > 0 && host.startsWith("[")) {
            host = host.substring(1, bracket);
        }
        return host.toLowerCase(Locale.ROOT);
    }
}
