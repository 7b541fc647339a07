package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.ServicePort;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Ports of ServiceEntries: bytes without a protocol are told apart by an address only, so there must be one (IST0134);
 * and one port of a host has one protocol (IST0177).
 */
final class EntryPortAnalysis {
    private EntryPortAnalysis() {}

    private record HostPort(String host, long port) {}

    private record Said(ServiceEntry entry, String protocol) {}

    static void run(World world) {
        Map<HostPort, Said> said = new HashMap<>();
        for (ServiceEntry entry : world.set().serviceEntries()) {
            for (ServicePort port : entry.ports()) {
                String protocol = port.protocol() == null ? "" : port.protocol().toUpperCase(Locale.ROOT);
                if (entry.addresses().isEmpty() && (protocol.isEmpty() || protocol.equals("TCP"))) {
                    world.report(entry)
                            .add(
                                    Severity.WARNING,
                                    Codes.ADDRESSES_REQUIRED,
                                    Place.of(port.at(), "protocol"),
                                    "a port of protocol TCP needs addresses to be told from others");
                }
                if (port.number() != null) {
                    conflicts(entry, port, protocol, said, world);
                }
            }
        }
    }

    private static void conflicts(
            ServiceEntry entry, ServicePort port, String protocol, Map<HostPort, Said> said, World world) {
        long number = port.number() == null ? 0 : port.number();
        for (String host : entry.hosts()) {
            Said before =
                    said.putIfAbsent(new HostPort(host.toLowerCase(Locale.ROOT), number), new Said(entry, protocol));
            if (before != null
                    && !World.same(before.entry(), entry)
                    && !before.protocol().equals(protocol)) {
                world.report(entry)
                        .add(
                                Severity.WARNING,
                                Codes.PROTOCOL_CONFLICT,
                                Place.of(port.at(), "protocol"),
                                "port " + number + " of " + Quote.of(host) + " is "
                                        + (before.protocol().isEmpty() ? "TCP" : before.protocol())
                                        + " in ServiceEntry "
                                        + before.entry().metadata().id());
                return;
            }
        }
    }
}
