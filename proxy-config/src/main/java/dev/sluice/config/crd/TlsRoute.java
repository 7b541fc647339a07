package dev.sluice.config.crd;

import dev.sluice.config.crd.TcpRoute.RouteDestination;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes TLS connections that are not terminated here, by SNI (spec §1.11). */
public record TlsRoute(MapNode at, List<TlsMatchAttributes> match, List<RouteDestination> route) {
    static Rules rules() {
        return new Rules().required("match");
    }

    /** One match block; all conditions are AND-ed. */
    public record TlsMatchAttributes(
            MapNode at,
            List<String> sniHosts,
            List<String> destinationSubnets,
            @Nullable Long port,
            Map<String, String> sourceLabels,
            List<String> gateways,
            @Nullable String sourceNamespace) {
        static Rules rules() {
            return new Rules().required("sniHosts");
        }
    }
}
