package dev.sluice.proxy.listener;

import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** What a listener makes of a request's headers before a rule sees them, as far as it takes no connection to say it. */
public final class EdgeHeaders {
    static final AsciiString HTTP = AsciiString.cached("http");
    static final AsciiString HTTPS = AsciiString.cached("https");

    private static final AsciiString[] STEERING = {
        AsciiString.cached("x-envoy-"), AsciiString.cached("x-istio-"), AsciiString.cached("x-sluice-")
    };

    private EdgeHeaders() {}

    /**
     * The same for a request that is only thought of.
     *
     * @param edge the client is not trusted: a gateway
     * @param trusted whether the client, or a proxy in front of it, is believed about its scheme
     */
    public static void preview(RequestHead request, boolean edge, boolean trusted) {
        if (edge) {
            stripSteering(request.headers());
        }
        forwardScheme(request, request.scheme().equals("https") ? HTTPS : HTTP, trusted);
    }

    /**
     * As in Envoy, the scheme that a trusted client forwards is that of a request of HTTP/1, which names none: where TLS ended
     * at a load balancer, rules match https and redirects stay on it.
     *
     * @param connection the scheme of the connection
     */
    static void forwardScheme(RequestHead request, AsciiString connection, boolean trusted) {
        CharSequence forwarded = trusted ? request.headers().get(HeaderNames.X_FORWARDED_PROTO) : null;
        if (forwarded == null) {
            request.headers().set(HeaderNames.X_FORWARDED_PROTO, connection);
        } else if (request.version() != HttpVersion.HTTP_2) {
            if (AsciiString.contentEqualsIgnoreCase(forwarded, HTTPS)) {
                request.rewriteScheme("https");
            } else if (AsciiString.contentEqualsIgnoreCase(forwarded, HTTP)) {
                request.rewriteScheme("http");
            }
        }
    }

    /** Takes off what steers a proxy. */
    static void stripSteering(Headers headers) {
        // Hardly any request has one, and looking makes no garbage.
        boolean any = false;
        for (AsciiString prefix : STEERING) {
            any |= headers.containsPrefix(prefix);
        }
        if (any) {
            remove(headers);
        }
    }

    private static void remove(Headers headers) {
        List<AsciiString> found = new ArrayList<>(0);
        headers.forEach((name, value) -> {
            if (steersProxies(name)) {
                found.add(AsciiString.of(name).toLowerCase());
            }
        });
        for (AsciiString name : found) {
            headers.remove(name);
        }
    }

    private static boolean steersProxies(CharSequence name) {
        for (AsciiString prefix : STEERING) {
            if (AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }
}
