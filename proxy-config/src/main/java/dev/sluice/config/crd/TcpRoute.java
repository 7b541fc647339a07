package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes connections that are neither HTTP nor TLS (spec §1.11). */
public record TcpRoute(MapNode at, List<L4MatchAttributes> match, List<RouteDestination> route) {
    /** One match block; all conditions are AND-ed. */
    public record L4MatchAttributes(
            MapNode at,
            List<String> destinationSubnets,
            @Nullable Long port,
            @Nullable String sourceSubnet,
            Map<String, String> sourceLabels,
            List<String> gateways,
            @Nullable String sourceNamespace) {}

    /** A weighted destination of a TLS or TCP route. */
    public record RouteDestination(MapNode at, @Nullable Destination destination, @Nullable Integer weight) {
        static Rules rules() {
            return new Rules().required("destination");
        }
    }
}
