package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;
import dev.sluice.config.crd.Gateway.ServerPort;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chains of Gateways' servers with TLS (spec §3.1, §3.2): of each server where TLS ends one, with a table of its own where
 * it is HTTPS; of one where TLS passes through, as many as its rules have. Of two servers for one name at one address the
 * later is left out.
 */
final class GatewayTls {
    private static final String ANY = "*";

    private final ServerTlsTranslator tls;
    private final GatewayStreams streams;
    private final GatewayRoutes routes;
    private final Notices notices;

    GatewayTls(ServerTlsTranslator tls, GatewayStreams streams, GatewayRoutes routes, Notices notices) {
        this.tls = tls;
        this.streams = streams;
        this.routes = routes;
        this.notices = notices;
    }

    /** The chains of the servers of one address, in their order. */
    List<ChainPlan> chains(int port, List<ServedServer> servers) {
        List<ChainPlan> chains = new ArrayList<>();
        Set<String> hosts = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (ServedServer served : servers) {
            Set<String> own = served.hosts().names();
            if (own.stream().anyMatch(hosts::contains)) {
                notices.givesWay(
                        served.gateway(),
                        served.server().at(),
                        "hosts",
                        "another server has a host of it at the same address; this one is left out");
                continue;
            }
            hosts.addAll(own);
            add(served, port, names, chains);
        }
        return chains;
    }

    private void add(ServedServer served, int port, Set<String> names, List<ChainPlan> chains) {
        Gateway gateway = served.gateway();
        Server server = served.server();
        ServerTlsSettings settings = server.tls();
        if (settings != null && settings.mode() == Mode.AUTO_PASSTHROUGH) {
            chains.addAll(streams.autoPassthrough(server, names));
        } else if (settings == null || !ServerTlsTranslator.ends(settings)) {
            chains.addAll(streams.passthrough(gateway, server, port, names));
        } else {
            ServerPort at = server.port();
            boolean http = PortProtocol.of(at == null ? null : at.protocol()) == PortProtocol.HTTPS;
            Set<String> own = served.hosts().names();
            names.addAll(own);
            ServerTlsPlan plan = tls.plan(settings, gateway.metadata().namespace());
            String name = (http ? "https." : "tls.") + port + "." + (at == null ? "" : at.name()) + "."
                    + gateway.metadata().name() + "." + gateway.metadata().namespace();
            chains.add(new ChainPlan(
                    name,
                    ChainMatchPlan.tls(own.contains(ANY) ? List.of() : List.copyOf(own)),
                    plan,
                    http
                            ? new ChainTarget.Http(routes.table(name, port, List.of(served)))
                            : new ChainTarget.Tcp(streams.tcp(gateway, server, port)),
                    server.at().ref()));
        }
    }
}
