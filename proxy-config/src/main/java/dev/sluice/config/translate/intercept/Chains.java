package dev.sluice.config.translate.intercept;

import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The chains of one listener while it is made: of two for the same connections the first stays. */
final class Chains {
    private final List<ChainPlan> chains = new ArrayList<>();
    private final Set<Claim> taken = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    /** Which addresses; the word stands for all of them. */
    private static final Object EVERYWHERE = "everywhere";

    /** Of an address that no other chain is for; the word stands for every kind of traffic. */
    private static final Object ALL = "all";

    /** What a chain claims of an address, a port and a kind of traffic. */
    private record Claim(Object destination, int port, Object kind) {}

    /** HTTP to these addresses; none is any. */
    void http(String name, List<Cidr> destinations, int port, RouteTablePlan routes, SourceRef at) {
        ChainTarget to = new ChainTarget.Http(routes);
        add(name, destinations, port, to, at);
    }

    /** Everything else to these addresses, and everything where there is no HTTP; no address is any. */
    void tcp(String name, List<Cidr> destinations, int port, TcpRoutePlan route, SourceRef at) {
        add(name, destinations, port, new ChainTarget.Tcp(route), at);
    }

    /** TLS for these names to these addresses; no address is any. */
    void tls(String name, List<String> serverNames, List<Cidr> destinations, int port, TcpRoutePlan to, SourceRef at) {
        // A block of several names and addresses: each pair is claimed on its own, and a chain needs one list of each.
        for (String serverName : serverNames) {
            List<Cidr> won = claim(destinations, port, serverName);
            if (!won.isEmpty() || (destinations.isEmpty() && taken.add(new Claim(EVERYWHERE, port, serverName)))) {
                ChainMatchPlan match = new ChainMatchPlan(List.of(serverName), won, port, true);
                chains.add(new ChainPlan(unique(name), match, null, new ChainTarget.Tcp(to), at));
            }
        }
    }

    /** TLS that ends here, to every address; of what is not TLS a chain of its own takes none. */
    void ended(String name, int port, ServerTlsPlan ends, ChainTarget inside, SourceRef at) {
        if (taken.add(new Claim(EVERYWHERE, port, ServerTlsPlan.class))) {
            ChainMatchPlan match = new ChainMatchPlan(List.of(), List.of(), port, true);
            chains.add(new ChainPlan(unique(name), match, ends, inside, at));
        }
    }

    /** From now on nothing is added for an address and port. */
    void close(Cidr destination, int port) {
        taken.add(new Claim(destination, port, ALL));
    }

    /** In order. */
    List<ChainPlan> plans() {
        return chains;
    }

    private void add(String name, List<Cidr> destinations, int port, ChainTarget to, SourceRef at) {
        List<Cidr> won = claim(destinations, port, to.getClass());
        if (!won.isEmpty() || (destinations.isEmpty() && taken.add(new Claim(EVERYWHERE, port, to.getClass())))) {
            chains.add(new ChainPlan(unique(name), new ChainMatchPlan(List.of(), won, port, false), null, to, at));
        }
    }

    private List<Cidr> claim(List<Cidr> destinations, int port, Object kind) {
        List<Cidr> won = new ArrayList<>(destinations.size());
        for (Cidr destination : destinations) {
            if (!taken.contains(new Claim(destination, port, ALL)) && taken.add(new Claim(destination, port, kind))) {
                won.add(destination);
            }
        }
        return won;
    }

    private String unique(String name) {
        String unique = name;
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "#" + i;
        }
        return unique;
    }
}
