package dev.sluice.proxy.routing;

import dev.sluice.config.plan.ProxySettingsPlan.PathNormalization;
import dev.sluice.config.plan.RouteTablePlan.UnknownHost;
import dev.sluice.proxy.stream.HeaderNames;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The route table of one listener. Immutable; shared by all event loops. */
public final class Router {
    private static final FastThreadLocal<RequestFacts> FACTS = new FastThreadLocal<>() {
        @Override
        protected RequestFacts initialValue() {
            return new RequestFacts();
        }
    };

    private final List<VirtualHost> hosts;
    private final VirtualHostTable table;
    private final UnknownHost unknownHost;
    private final PathNormalization normalization;

    /** @param unknownHost what the caller does with {@link Unrouted#NO_VIRTUAL_HOST} */
    public Router(List<VirtualHost> hosts, UnknownHost unknownHost, PathNormalization normalization) {
        this.hosts = List.copyOf(hosts);
        this.table = new VirtualHostTable(this.hosts);
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
     * Normalises the path of {@code request} in place and finds its route.
     *
     * @param recorder null on the request path; given one, every rule is tried in order and reported
     */
    public Routing route(RequestHead request, @Nullable MatchRecorder recorder) {
        String received = request.path();
        if (!received.equals("*")) {
            String normal = PathNormalizer.normalize(received, normalization);
            if (normal == null) {
                return Unrouted.BAD_PATH;
            }
            if (!normal.equals(received)) {
                request.rewritePath(normal);
            }
        }
        VirtualHost host = table.find(request.authority());
        if (host == null) {
            return Unrouted.NO_VIRTUAL_HOST;
        }
        if (host.plan().httpsRedirect() && !isHttps(request)) {
            return Unrouted.HTTPS_REDIRECT;
        }
        RequestFacts facts = FACTS.get();
        facts.of(request);
        try {
            Route found;
            if (recorder == null) {
                found = host.find(facts);
            } else {
                recorder.virtualHost(host.plan());
                found = host.find(facts, recorder);
            }
            return found == null ? Unrouted.NO_ROUTE : found;
        } finally {
            facts.clear();
        }
    }

    private static boolean isHttps(RequestHead request) {
        CharSequence proto = request.headers().get(HeaderNames.X_FORWARDED_PROTO);
        return request.scheme().equals("https")
                || (proto != null && AsciiString.contentEqualsIgnoreCase(proto, "https"));
    }
}
