package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a listener, to choose one for a connection by what it is to: the order is that of {@link ChainMatchPlan}.
 * Names cost one look-up for each label, however many chains there are. Immutable.
 */
public final class ChainTable {
    /** Of a listener without chains. */
    public static final ChainTable EMPTY = new ChainTable(List.of());

    private final List<Destination> destinations = new ArrayList<>();
    private final Map<String, ChainRuntime> byName = new HashMap<>();
    private final List<ChainRuntime> chains;
    private final boolean needsBytes;

    /** In the order of the plan. */
    public ChainTable(List<ChainRuntime> chains) {
        this.chains = List.copyOf(chains);
        Map<Where, Destination> found = new LinkedHashMap<>();
        boolean bytes = false;
        for (ChainRuntime chain : chains) {
            ChainMatchPlan match = chain.plan().match();
            bytes |= match.tls() || chain.http() != null;
            byName.putIfAbsent(chain.plan().name(), chain);
            if (match.destinations().isEmpty()) {
                found.computeIfAbsent(new Where(match.destinationPort(), null), Destination::new)
                        .add(chain);
            }
            for (Cidr range : match.destinations()) {
                found.computeIfAbsent(new Where(match.destinationPort(), range), Destination::new)
                        .add(chain);
            }
        }
        this.needsBytes = bytes;
        destinations.addAll(found.values());
        destinations.sort(ChainTable::compare);
    }

    private static int compare(Destination one, Destination other) {
        int order = Boolean.compare(one.where.port == 0, other.where.port == 0);
        return order != 0 ? order : Integer.compare(other.where.bits(), one.where.bits());
    }

    /** Where connections go to; port 0 and range null for anywhere. */
    private record Where(int port, @Nullable Cidr range) {
        int bits() {
            return range == null ? -1 : range.prefix();
        }

        boolean holds(int destinationPort, byte @Nullable [] address) {
            return (port == 0 || port == destinationPort) && (range == null || range.contains(address));
        }
    }

    /** The chains of one destination by name. */
    private static final class Destination {
        private final Where where;
        private final Names tls = new Names();
        private final Names plain = new Names();

        Destination(Where where) {
            this.where = where;
        }

        void add(ChainRuntime chain) {
            (chain.plan().match().tls() ? tls : plain).add(chain);
        }
    }

    /** Chains by server name. */
    private static final class Names {
        /** Asks for no name at all, as no names do. */
        private static final String EVERY_NAME = "*";

        private final Map<String, ChainRuntime> exact = new HashMap<>();
        private final Map<String, ChainRuntime> suffix = new HashMap<>();
        private @Nullable ChainRuntime any;

        void add(ChainRuntime chain) {
            List<String> names = chain.plan().match().serverNames();
            if (any == null && (names.isEmpty() || names.contains(EVERY_NAME))) {
                any = chain;
            }
            for (String name : names) {
                if (name.startsWith("*.")) {
                    suffix.putIfAbsent(name.substring(1), chain);
                } else {
                    exact.putIfAbsent(name, chain);
                }
            }
        }

        @Nullable
        ChainRuntime of(@Nullable String name) {
            if (name == null) {
                return any;
            }
            ChainRuntime found = exact.get(name);
            for (int dot = name.indexOf('.'); found == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
                found = suffix.get(name.substring(dot));
            }
            return found == null ? any : found;
        }
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return chains.isEmpty();
    }

    /** Whether the first bytes of a connection are needed to choose. */
    public boolean needsBytes() {
        return needsBytes;
    }

    /** The chain of that name; null when this configuration has none. */
    public @Nullable ChainRuntime named(String name) {
        return byName.get(name);
    }

    /**
     * The chain that takes a connection; null when none does.
     *
     * @param destination where it is to
     * @param tls whether it begins with a ClientHello
     * @param serverName lower-case; null without
     */
    public @Nullable ChainRuntime choose(
            @Nullable InetSocketAddress destination, boolean tls, @Nullable String serverName) {
        InetAddress address = destination == null ? null : destination.getAddress();
        byte[] bytes = address == null ? null : address.getAddress();
        int port = destination == null ? 0 : destination.getPort();
        for (Destination one : destinations) {
            if (one.where.holds(port, bytes)) {
                ChainRuntime chosen = tls ? one.tls.of(serverName) : null;
                if (chosen == null) {
                    chosen = one.plain.of(serverName);
                }
                if (chosen != null) {
                    return chosen;
                }
            }
        }
        return null;
    }
}
