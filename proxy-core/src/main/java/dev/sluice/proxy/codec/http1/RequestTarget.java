package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;

/**
 * The forms of a request target (RFC 9112 section 3.2). CONNECT, the only user of the authority form, is refused before.
 *
 * @param authority the target's own, else that of {@code Host}
 * @param path origin form, or {@code *}
 */
record RequestTarget(String authority, String path) {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    /**
     * Reads {@code target}.
     *
     * @param options the method is OPTIONS, which alone may ask for {@code *}
     * @param host value of {@code Host}; an absolute target's authority takes its place
     * @param tls whether the request came over TLS
     */
    static RequestTarget read(String target, boolean options, String host, boolean tls) {
        if (target.charAt(0) == '/') {
            return new RequestTarget(host, target);
        }
        if (target.equals("*")) {
            if (!options) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "target * is for OPTIONS only");
            }
            return new RequestTarget(host, target);
        }
        if (target.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            return absolute(target, HTTP.length(), options);
        }
        if (target.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
            if (!tls) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "https target on a connection in clear text");
            }
            return absolute(target, HTTPS.length(), options);
        }
        throw new Refusal(ErrorCode.BAD_REQUEST, "target is neither a path nor an http URI");
    }

    private static RequestTarget absolute(String target, int start, boolean options) {
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        if (!Authority.isValid(authority)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "malformed authority in the target");
        }
        if (end == target.length()) {
            return new RequestTarget(authority, options ? "*" : "/");
        }
        String rest = target.substring(end);
        return new RequestTarget(authority, rest.charAt(0) == '?' ? "/" + rest : rest);
    }
}
