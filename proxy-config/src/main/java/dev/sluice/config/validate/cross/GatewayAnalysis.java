package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gateways: the selector must take a workload (IST0101; with no labels given it takes this one), and no other Gateway of
 * that workload may take the same hosts on the same port (IST0145).
 */
final class GatewayAnalysis {
    private final World world;

    private record Socket(long port, String bind) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Socket socket && port == socket.port && bind.equals(socket.bind);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(port) * 31 + bind.hashCode();
        }
    }

    /** A host of a server. */
    private record Claim(Gateway gateway, Gateway.Server server, int index, GatewayHost host) {}

    private GatewayAnalysis(World world) {
        this.world = world;
    }

    static void run(World world) {
        GatewayAnalysis analysis = new GatewayAnalysis(world);
        Map<Socket, Overlaps<Gateway>> sockets = new HashMap<>();
        for (Gateway gateway : world.set().gateways()) {
            analysis.selector(gateway);
            Set<Socket> own = new HashSet<>();
            for (Gateway.Server server : gateway.servers()) {
                Socket socket = socket(server);
                if (socket != null && own.add(socket)) {
                    sockets.computeIfAbsent(socket, key -> new Overlaps<>()).add(gateway.selector(), gateway);
                }
            }
        }
        sockets.forEach((socket, gateways) -> gateways.groups().forEach(group -> analysis.conflicts(socket, group)));
    }

    private void selector(Gateway gateway) {
        Map<String, String> labels = world.identity().labels();
        Map<String, String> selector = gateway.selector();
        if (labels.isEmpty() || selector.isEmpty() || Labels.carry(labels, selector)) {
            return;
        }
        if (!world.workloads().pods(selector).isEmpty()) {
            return;
        }
        world.report(gateway)
                .add(
                        Severity.ERROR,
                        Codes.NOT_FOUND,
                        Place.of(gateway.at(), "selector"),
                        "no workload has the labels " + Quote.escaped(selector.toString()));
    }

    private static @Nullable Socket socket(Gateway.Server server) {
        Gateway.ServerPort port = server.port();
        return port == null || port.number() == null
                ? null
                : new Socket(port.number(), server.bind() == null ? "" : server.bind());
    }

    private void conflicts(Socket socket, List<Gateway> group) {
        HostIndex<Claim> claims = new HostIndex<>();
        for (Gateway gateway : group) {
            for (Gateway.Server server : gateway.servers()) {
                if (!socket.equals(socket(server))) {
                    continue;
                }
                for (int i = 0; i < server.hosts().size(); i++) {
                    GatewayHost host = GatewayHost.of(
                            server.hosts().get(i), gateway.metadata().namespace());
                    Claim claim = new Claim(gateway, server, i, host);
                    Claim other = other(claims, claim);
                    claims.add(host.host(), claim);
                    if (other != null) {
                        conflict(socket, claim, other);
                        conflict(socket, other, claim);
                    }
                }
            }
        }
    }

    private static @Nullable Claim other(HostIndex<Claim> claims, Claim claim) {
        return claims.findMatching(
                claim.host().host(),
                other -> !World.same(other.gateway(), claim.gateway())
                        && other.host().sharesNamespace(claim.host()));
    }

    private void conflict(Socket socket, Claim claim, Claim other) {
        if (!world.once(claim.server(), claim.index())) {
            return;
        }
        world.report(claim.gateway())
                .add(
                        Severity.ERROR,
                        Codes.GATEWAY_CONFLICT,
                        Place.of(claim.server().at(), "hosts").item(claim.index()),
                        Quote.of(claim.server().hosts().get(claim.index())) + " on port " + socket.port()
                                + " is also taken by Gateway "
                                + other.gateway().metadata().id() + " with "
                                + Quote.of(other.server().hosts().get(other.index())) + " for the same workloads");
    }
}
