package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.ServicePort;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.Scopes;
import dev.sluice.config.validate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ServiceEntries that one namespace sees and that give one port of a host different protocols (IST0177). */
final class EntryProtocolAnalysis {
    private EntryProtocolAnalysis() {}

    private record Key(String scope, String host, long port) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && scope.equals(key.scope) && host.equals(key.host) && port == key.port;
        }

        @Override
        public int hashCode() {
            return (scope.hashCode() * 31 + host.hashCode()) * 31 + Long.hashCode(port);
        }
    }

    private record Said(ServiceEntry entry, ServicePort port, String protocol) {}

    static void run(World world) {
        Map<Key, List<Said>> said = new HashMap<>();
        for (ServiceEntry entry : world.set().serviceEntries()) {
            for (String scope : Scopes.of(
                    entry.exportTo(),
                    world.set().mesh().defaultServiceExportTo(),
                    entry.metadata().namespace())) {
                for (ServicePort port : entry.ports()) {
                    add(entry, port, scope, said);
                }
            }
        }
        said.forEach((key, list) -> {
            List<Said> all = new ArrayList<>(list);
            if (!key.scope().equals(Scopes.EVERYWHERE)) {
                all.addAll(said.getOrDefault(new Key(Scopes.EVERYWHERE, key.host(), key.port()), List.of()));
            }
            Said first = all.get(0);
            Said second = other(first, all);
            if (second != null) {
                for (Said one : all) {
                    Said other = one.protocol().equals(first.protocol()) ? second : first;
                    if (!World.same(one.entry(), other.entry()) && world.once(one.port(), 0)) {
                        conflict(key, one, other, world);
                    }
                }
            }
        });
    }

    private static void add(ServiceEntry entry, ServicePort port, String scope, Map<Key, List<Said>> said) {
        if (port.number() == null) {
            return;
        }
        String protocol = port.protocol() == null ? "" : port.protocol().toUpperCase(Locale.ROOT);
        for (String host : entry.hosts()) {
            said.computeIfAbsent(
                            new Key(scope, host.toLowerCase(Locale.ROOT), port.number()), key -> new ArrayList<>(1))
                    .add(new Said(entry, port, protocol.isEmpty() ? "TCP" : protocol));
        }
    }

    /** The first that says otherwise, if one does. */
    private static @Nullable Said other(Said one, List<Said> all) {
        for (Said other : all) {
            if (!other.protocol().equals(one.protocol()) && !World.same(other.entry(), one.entry())) {
                return other;
            }
        }
        return null;
    }

    private static void conflict(Key key, Said one, Said other, World world) {
        world.report(one.entry())
                .add(
                        Severity.WARNING,
                        Codes.PROTOCOL_CONFLICT,
                        Place.of(one.port().at(), "protocol"),
                        "port " + key.port() + " of " + Quote.of(key.host()) + " is " + other.protocol()
                                + " in ServiceEntry " + other.entry().metadata().id());
    }
}
