package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Required;
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
            @Required @Nullable ServerPort port,
            @Nullable String bind,
            @Required List<String> hosts,
            @Nullable ServerTlsSettings tls,
            @Nullable String defaultEndpoint,
            @Nullable String name) {}

    /** The port itself. */
    public record ServerPort(
            MapNode at,
            @Required @Nullable Long number,
            @Required @Nullable String protocol,
            @Required @Nullable String name,
            @Nullable Long targetPort) {}
}
