package dev.sluice.proxy.routing;

import dev.sluice.config.plan.RouteTablePlan.UnknownHost;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.config.plan.words.PathNormalizer;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The route table of one listener. Immutable; shared by all event loops. */
public final class Router {
    private final List<VirtualHost> hosts;
    private final VirtualHostTable table;
    private final UnknownHost unknownHost;
    private final PathNormalization normalization;

    /** @param unknownHost what the caller does with {@link Unrouted#NO_VIRTUAL_HOST} */
    public Router(List<VirtualHost> hosts, UnknownHost unknownHost, PathNormalization normalization) {
        this(hosts, unknownHost, normalization, null);
    }

    /**
     * As above.
     *
     * @param before a router whose index of domains may serve this one too; null for none
     */
    public Router(
            List<VirtualHost> hosts,
            UnknownHost unknownHost,
            PathNormalization normalization,
            @Nullable Router before) {
        this.hosts = List.copyOf(hosts);
        this.table = before == null ? new VirtualHostTable(this.hosts) : before.table.with(this.hosts);
        this.unknownHost = unknownHost;
        this.normalization = normalization;
    }

    /** Its virtual hosts. */
    public List<VirtualHost> hosts() {
        return hosts;
    }

    /** What happens to a host that no virtual host covers. */
    public UnknownHost unknownHost() {
        return unknownHost;
    }

    /**
     * Normalises the path of {@code request} in place and finds its route. The order is Envoy's: a bad path is refused
     * whatever the host, and a host for https only redirects whether or not it has a route.
     *
     * @param recorder null on the request path; given one, every rule is tried in order and reported
     */
    public Routing route(RequestHead request, @Nullable MatchRecorder recorder) {
        String received = request.path();
        String path = PathNormalizer.normalize(received, normalization);
        if (path == null) {
            return Unrouted.BAD_PATH;
        }
        if (!path.equals(received)) {
            request.rewritePath(path);
        }
        VirtualHost host = table.find(request.authority());
        if (host == null) {
            return Unrouted.NO_VIRTUAL_HOST;
        }
        if (recorder != null) {
            recorder.virtualHost(host.plan());
        }
        if (host.plan().httpsRedirect() && !isHttps(request)) {
            return Unrouted.HTTPS_REDIRECT;
        }
        int pathEnd = RequestField.endOfPath(path);
        Route found = recorder == null ? host.find(request, pathEnd) : host.find(request, pathEnd, recorder);
        return found == null ? Unrouted.NO_ROUTE : found;
    }

    /** The client's scheme is what x-forwarded-proto says, which the edge has written, else the connection's. */
    private static boolean isHttps(RequestHead request) {
        CharSequence forwarded = request.headers().get(HeaderNames.X_FORWARDED_PROTO);
        return AsciiString.contentEqualsIgnoreCase(forwarded == null ? request.scheme() : forwarded, "https");
    }
}
