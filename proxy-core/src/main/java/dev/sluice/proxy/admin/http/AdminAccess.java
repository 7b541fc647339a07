package dev.sluice.proxy.admin.http;

import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what on the admin port (docs/admin.md). An app beside the proxy shares its loopback, and a browser reaches it
 * on behalf of any page, so loopback alone is no licence: reading is by GET and from the port's own origin, changing
 * needs a header that no form and no foreign script can send, and the token where there is one.
 */
final class AdminAccess {
    /** Carried by every change; a browser asks the server before it lets another origin send it, and we never agree. */
    static final String CHANGE_HEADER = "x-sluice-admin";

    /** Upon each request that this proxy, or another, sent on. */
    private static final AsciiString FORWARDED = HeaderNames.X_SLUICE_HOP;

    private final HostRule hosts;
    private final @Nullable AdminToken token;

    AdminAccess(HostRule hosts, @Nullable AdminToken token) {
        this.hosts = hosts;
        this.token = token;
    }

    /**
     * Why {@code request} is refused whatever it asks for; null when it is not. A route whose endpoint is this port would let
     * anybody in as a process of this host, and without the token.
     */
    @Nullable
    Answer refusal(HttpRequest request, InetSocketAddress local, InetSocketAddress peer) {
        boolean fromHere =
                peer.getAddress().isLoopbackAddress() || peer.getAddress().equals(local.getAddress());
        if (fromHere && request.headers().contains(FORWARDED)) {
            return Answer.refusal(403, "the admin port is no destination: the request was sent on by the proxy");
        }
        List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
        if (named.size() != 1) {
            return Answer.refusal(400, "the request must carry exactly one Host header");
        }
        if (!hosts.allows(named.get(0), local)) {
            return Answer.refusal(
                    403, "this Host is not the admin port's: use localhost or the address it is bound to");
        }
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin != null && !origin.equalsIgnoreCase("http://" + named.get(0))) {
            return Answer.refusal(403, "requests of other origins are refused");
        }
        String site = request.headers().get("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return Answer.refusal(403, "requests of other sites are refused");
        }
        return null;
    }

    /** Why {@code request} may not have {@code page}; null when it may. */
    @Nullable
    Answer refusal(Page page, HttpRequest request, InetSocketAddress peer) {
        HttpMethod method = request.method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        boolean changes = method.equals(HttpMethod.POST);
        if (page.kind() == Page.Kind.CHANGE && !changes) {
            return Answer.notAllowed(page.methods(), page.path() + " changes something and takes POST only");
        }
        if (page.kind() == Page.Kind.READ && !reads) {
            return Answer.notAllowed(page.methods(), page.path() + " only shows something and takes GET");
        }
        if (!reads && !changes) {
            return Answer.notAllowed(page.methods(), page.path() + " takes " + page.methods());
        }
        if (changes && !"1".equals(request.headers().get(CHANGE_HEADER))) {
            return Answer.refusal(403, "a change must carry the header X-Sluice-Admin: 1");
        }
        boolean needsToken = changes || (!page.open() && !peer.getAddress().isLoopbackAddress());
        return needsToken ? withoutToken(request.headers()) : null;
    }

    private @Nullable Answer withoutToken(HttpHeaders headers) {
        if (token == null || token.isIn(headers.get(HttpHeaderNames.AUTHORIZATION))) {
            return null;
        }
        return new Answer(
                401,
                "text/plain; charset=utf-8",
                "the admin token is needed: Authorization: Bearer TOKEN\n",
                Map.of("WWW-Authenticate", "Bearer"));
    }
}
