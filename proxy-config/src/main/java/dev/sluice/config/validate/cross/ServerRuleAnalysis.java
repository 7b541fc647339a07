package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.text.PortProtocol;
import dev.sluice.config.validate.world.World;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Gateway's server and the rules that VirtualServices have for its hosts: those of its own sort are all that it looks at
 * (spec §3.1), {@code http} where requests are seen, {@code tls} where TLS passes through, {@code tcp} where it ends or never
 * was. Where they have none for it, and some of another sort, nothing that arrives there goes anywhere (SLC0124). A server
 * whose hosts no VirtualService has is left alone: its rules may be in files that are not here.
 */
final class ServerRuleAnalysis {
    private final World world;
    private final Map<String, Edge> edges = new HashMap<>();

    /** A sort of rules, as a VirtualService names it. */
    private enum Sort {
        HTTP("http"),
        TLS("tls"),
        TCP("tcp");

        private final String field;

        Sort(String field) {
            this.field = field;
        }
    }

    /** A server and the sorts of rules that there are for it and its hosts. */
    private static final class Served {
        private final Gateway gateway;
        private final Gateway.Server server;
        private final long port;
        private final Sort wanted;
        private final boolean endsTls;
        private final Set<Sort> rules = EnumSet.noneOf(Sort.class);

        Served(Gateway gateway, Gateway.Server server, long port, Sort wanted, boolean endsTls) {
            this.gateway = gateway;
            this.server = server;
            this.port = port;
            this.wanted = wanted;
            this.endsTls = endsTls;
        }
    }

    /** A host of a server. */
    private record Claim(GatewayHost host, Served served) {}

    /** The servers of a Gateway. */
    private static final class Edge {
        private final List<Served> servers = new ArrayList<>();
        private final HostIndex<Claim> hosts = new HostIndex<>();
    }

    private ServerRuleAnalysis(World world) {
        this.world = world;
    }

    static void run(World world) {
        ServerRuleAnalysis analysis = new ServerRuleAnalysis(world);
        world.set().gateways().forEach(analysis::index);
        world.set().virtualServices().forEach(analysis::mark);
        analysis.edges.values().forEach(edge -> edge.servers.forEach(analysis::check));
    }

    private void index(Gateway gateway) {
        Edge edge = new Edge();
        for (Gateway.Server server : gateway.servers()) {
            Served served = served(gateway, server);
            if (served != null) {
                edge.servers.add(served);
                for (String written : server.hosts()) {
                    GatewayHost host =
                            GatewayHost.of(written, gateway.metadata().namespace());
                    edge.hosts.add(host.host(), new Claim(host, served));
                }
            }
        }
        edges.put(gateway.metadata().id(), edge);
    }

    /** Null for a server that looks at no rules, or whose port says nothing. */
    private static @Nullable Served served(Gateway gateway, Gateway.Server server) {
        Gateway.ServerPort port = server.port();
        if (port == null || port.number() == null || port.protocol() == null) {
            return null;
        }
        PortProtocol protocol = PortProtocol.of(port.protocol());
        ServerTlsSettings tls = server.tls();
        Mode mode = tls == null || tls.mode() == null ? Mode.PASSTHROUGH : tls.mode();
        boolean redirects = tls != null && Boolean.TRUE.equals(tls.httpsRedirect());
        if (protocol == null || protocol == PortProtocol.UDP || redirects || mode == Mode.AUTO_PASSTHROUGH) {
            return null;
        }
        boolean endsTls = protocol.isTls() && mode != Mode.PASSTHROUGH;
        Sort wanted = protocol.isTls() && !endsTls
                ? Sort.TLS
                : protocol.isHttp() || protocol == PortProtocol.HTTPS ? Sort.HTTP : Sort.TCP;
        return new Served(gateway, server, port.number(), wanted, endsTls);
    }

    private void mark(VirtualService service) {
        String namespace = service.metadata().namespace();
        for (String written : service.gateways()) {
            String id = HostNames.gateway(written, namespace);
            Edge edge = edges.get(id);
            if (edge != null) {
                for (String host : service.hosts()) {
                    edge.hosts.forEachMatching(HostNames.expand(host, namespace), (name, claim) -> {
                        if (claim.host().isFor(namespace)) {
                            addRules(service, id, claim.served());
                        }
                    });
                }
            }
        }
    }

    /** Rules of the wanted sort count where one is for the server; others say what was written instead. */
    private static void addRules(VirtualService service, String gateway, Served served) {
        if (served.rules.contains(served.wanted)) {
            return;
        }
        for (Sort sort : Sort.values()) {
            if (sort == served.wanted ? isFor(service, gateway, served) : has(service, sort)) {
                served.rules.add(sort);
            }
        }
    }

    private static boolean has(VirtualService service, Sort sort) {
        return switch (sort) {
            case HTTP -> !service.http().isEmpty();
            case TLS -> !service.tls().isEmpty();
            case TCP -> !service.tcp().isEmpty();
        };
    }

    private static boolean isFor(VirtualService service, String gateway, Served served) {
        String namespace = service.metadata().namespace();
        return switch (served.wanted) {
            case HTTP ->
                service.http().stream()
                        .map(HttpRoute::match)
                        .anyMatch(blocks -> blocks.isEmpty()
                                || blocks.stream()
                                        .anyMatch(block -> takes(
                                                block.gateways(), block.port(), gateway, namespace, served.port)));
            case TLS ->
                service.tls().stream().map(TlsRoute::match).anyMatch(blocks -> blocks.stream()
                        .anyMatch(block -> takes(block.gateways(), block.port(), gateway, namespace, served.port)));
            case TCP ->
                service.tcp().stream()
                        .map(TcpRoute::match)
                        .anyMatch(blocks -> blocks.isEmpty()
                                || blocks.stream()
                                        .anyMatch(block -> takes(
                                                block.gateways(), block.port(), gateway, namespace, served.port)));
        };
    }

    private static boolean takes(
            List<String> gateways, @Nullable Long port, String gateway, String namespace, long serverPort) {
        return (port == null || port == serverPort)
                && (gateways.isEmpty()
                        || gateways.stream().anyMatch(written -> HostNames.gateway(written, namespace)
                                .equals(gateway)));
    }

    private void check(Served served) {
        if (served.rules.isEmpty() || served.rules.contains(served.wanted)) {
            return;
        }
        world.report(served.gateway)
                .warning(
                        Codes.NO_RULE_OF_THE_SORT,
                        Place.of(served.server.at(), "port"),
                        "no VirtualService has " + served.wanted.field + " rules for its hosts here, so "
                                + (served.wanted == Sort.HTTP
                                        ? "every request is answered 404; "
                                        : "every connection is closed; ")
                                + why(served));
    }

    /** What the rules that there are do not do. */
    private static String why(Served served) {
        return switch (served.wanted) {
            case HTTP -> (served.endsTls ? "TLS ends here, and " : "") + "requests go by http rules alone";
            case TLS -> "TLS passes through here and is told apart by the sniHosts of tls rules alone";
            case TCP -> (served.endsTls ? "TLS ends here, and " : "") + "what is no HTTP goes by tcp rules alone";
        };
    }
}
