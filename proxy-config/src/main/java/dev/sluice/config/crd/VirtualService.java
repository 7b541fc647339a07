package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;

/**
 * Istio's VirtualService (spec/istio-fields.md §1): what happens to requests for its hosts.
 *
 * @param hosts empty for a delegate
 * @param gateways empty means {@code mesh}
 */
public record VirtualService(
        MapNode at,
        Metadata metadata,
        List<String> hosts,
        List<String> gateways,
        List<HttpRoute> http,
        List<TlsRoute> tls,
        List<TcpRoute> tcp,
        List<String> exportTo)
        implements CrdObject {
    @Override
    public String kind() {
        return "VirtualService";
    }
}
