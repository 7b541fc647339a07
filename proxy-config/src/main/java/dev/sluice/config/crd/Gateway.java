package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's Gateway (spec §3): ports at the edge. */
public record Gateway(MapNode at, Metadata metadata, Map<String, String> selector, List<Server> servers)
        implements CrdObject {
    @Override
    public String kind() {
        return "Gateway";
    }

    /** A port, the hosts it takes, and its TLS. */
    public record Server(
            MapNode at,
            @Nullable ServerPort port,
            @Nullable String bind,
            List<String> hosts,
            @Nullable ServerTlsSettings tls,
            @Nullable String defaultEndpoint,
            @Nullable String name) {
        static Rules rules() {
            return new Rules().required("port", "hosts");
        }
    }

    /** The port itself. */
    public record ServerPort(
            MapNode at,
            @Nullable Long number,
            @Nullable String protocol,
            @Nullable String name,
            @Nullable Long targetPort) {
        static Rules rules() {
            return new Rules().required("number", "protocol", "name");
        }
    }
}
