package dev.sluice.proxy.listener;

import dev.sluice.config.plan.TopologyPlan;
import dev.sluice.config.plan.TopologyPlan.ClientCertificate;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ResponseEdit;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The first stage: headers that say where a request came from are ours to write (spec/reliability.md E11, E12;
 * spec/istio-fields.md §1.7 last paragraph, §7). At the edge, headers that steer a proxy are taken off. A request that has
 * been at the listener before goes no further ({@link HopMarker}).
 */
public final class EdgeStage implements RouteStage {
    private static final AsciiString ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");
    private static final AsciiString SERVER_NAME = AsciiString.cached("istio-envoy");
    private static final int MAX_MILLIS_CACHED = 64;
    private static final ProxyError LOOP =
            ProxyError.proxy(ErrorCode.LOOP_DETECTED, "the request has been at this listener before");
    private static final String[] SMALL_NUMBERS = new String[MAX_MILLIS_CACHED];

    static {
        for (int i = 0; i < MAX_MILLIS_CACHED; i++) {
            SMALL_NUMBERS[i] = Integer.toString(i);
        }
    }

    private static final ResponseEdit RESPONSE_EDIT = (exchange, head) -> {
        Headers headers = head.headers();
        headers.set(HeaderNames.SERVER, SERVER_NAME);
        var attempt = exchange.attempt();
        if (attempt != null && attempt.status() != 0 && attempt.connection() != null) {
            long millis = (exchange.nowNanos() - exchange.firstUpstreamNanos()) / 1_000_000;
            headers.set(
                    HeaderNames.X_ENVOY_UPSTREAM_SERVICE_TIME,
                    millis >= 0 && millis < MAX_MILLIS_CACHED ? SMALL_NUMBERS[(int) millis] : Long.toString(millis));
        }
    };

    private final boolean edge;
    private final int trustedProxies;
    private final ClientCertificate clientCertificate;
    private final HopMarker marker;
    private final RouteStage next;

    /**
     * @param edge the client is not trusted: a gateway
     * @param topology who stands in front of a gateway; means nothing elsewhere
     * @param marker of the listener
     */
    public EdgeStage(boolean edge, TopologyPlan topology, HopMarker marker, RouteStage next) {
        this.edge = edge;
        this.trustedProxies = topology.trustedProxies();
        // Inside a mesh each proxy adds what it saw, as with Istio's sidecars.
        this.clientCertificate = edge ? topology.clientCertificate() : ClientCertificate.APPEND_FORWARD;
        this.marker = marker;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        RequestHead request = exchange.request();
        Headers headers = request.headers();
        // Hardly any request has one, and asking makes no garbage.
        CharSequence hops =
                headers.contains(HeaderNames.X_SLUICE_HOP) ? headers.joined(HeaderNames.X_SLUICE_HOP) : null;
        if (hops != null && marker.closesLoop(hops)) {
            exchange.fail(LOOP);
            return;
        }
        forwardCertificate(headers, exchange.downstream().connection().certificate());
        if (edge) {
            exchange.noteEdge();
            EdgeHeaders.stripSteering(headers);
            atEdge(exchange, headers);
        } else {
            headers.remove(ATTEMPT_COUNT);
            if (headers.contains(HeaderNames.X_FORWARDED_FOR)) {
                // As in Istio, where sidecars believe what the app or the proxy before them says of the client.
                named(exchange, headers.joined(HeaderNames.X_FORWARDED_FOR), 0);
            }
            EdgeHeaders.forwardScheme(request, scheme(exchange), true);
        }
        if (!headers.contains(HeaderNames.X_REQUEST_ID)) {
            headers.set(HeaderNames.X_REQUEST_ID, RequestIds.next());
        }
        headers.set(HeaderNames.X_SLUICE_HOP, marker.after(hops));
        exchange.addResponseEdit(RESPONSE_EDIT);
        next.handle(exchange);
    }

    private void atEdge(Exchange exchange, Headers headers) {
        CharSequence before =
                headers.contains(HeaderNames.X_FORWARDED_FOR) ? headers.joined(HeaderNames.X_FORWARDED_FOR) : null;
        if (trustedProxies > 0) {
            // The last of them is our client, which adds nothing about itself.
            named(exchange, before, trustedProxies - 1);
        }
        String client = exchange.downstream().connection().remoteHost();
        if (client != null) {
            headers.set(HeaderNames.X_FORWARDED_FOR, before == null ? client : before + "," + client);
        }
        String outside = trustedProxies > 0 ? exchange.clientHost() : client;
        if (outside != null) {
            // So that no service behind has to know how many proxies stand in front.
            headers.set(HeaderNames.X_ENVOY_EXTERNAL_ADDRESS, outside);
        }
        EdgeHeaders.forwardScheme(exchange.request(), scheme(exchange), trustedProxies > 0);
    }

    /** That of the connection: {@code :scheme} is what a client of HTTP/2 says, and httpsRedirect goes by this header. */
    private static AsciiString scheme(Exchange exchange) {
        return exchange.downstream().connection().isTls() ? EdgeHeaders.HTTPS : EdgeHeaders.HTTP;
    }

    private static void named(Exchange exchange, @Nullable CharSequence list, int back) {
        if (list != null) {
            exchange.forwardedFor(list, back);
        }
    }

    /** Who says {@code x-forwarded-client-cert} without having shown a certificate is not believed, unless that is asked for. */
    private void forwardCertificate(Headers headers, @Nullable String certificate) {
        if (clientCertificate == ClientCertificate.ALWAYS_FORWARD_ONLY) {
            return;
        }
        boolean there = headers.contains(HeaderNames.X_FORWARDED_CLIENT_CERT);
        if (certificate == null || clientCertificate == ClientCertificate.SANITIZE) {
            if (there) {
                headers.remove(HeaderNames.X_FORWARDED_CLIENT_CERT);
            }
        } else if (clientCertificate == ClientCertificate.SANITIZE_SET) {
            headers.set(HeaderNames.X_FORWARDED_CLIENT_CERT, certificate);
        } else if (clientCertificate == ClientCertificate.APPEND_FORWARD) {
            CharSequence before = there ? headers.joined(HeaderNames.X_FORWARDED_CLIENT_CERT) : null;
            headers.set(HeaderNames.X_FORWARDED_CLIENT_CERT, before == null ? certificate : before + "," + certificate);
        }
    }
}
