package dev.sluice.config.validate.service;

import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.IpText;
import dev.sluice.config.validate.text.UnixText;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Endpoints that are no pods, of their own or of a ServiceEntry (spec §11.6). */
public final class WorkloadEntryRules {
    /** The CRD's bound, one below that of a label. */
    private static final int PORT_NAME_LIMIT = 63;

    private WorkloadEntryRules() {}

    /** Adds what is wrong with {@code entry}. */
    public static void check(WorkloadEntry entry, Report report) {
        check(entry.spec(), null, true, report);
    }

    /**
     * @param servicePorts names of the service's ports; null where the service is not known
     * @param names whether the address may be a host name
     */
    static void check(
            WorkloadEntry.Spec entry, @Nullable Collection<String> servicePorts, boolean names, Report report) {
        String address = entry.address() == null ? "" : entry.address();
        Place place = Place.of(entry.at(), "address");
        if (entry.address() == null && entry.at().has("address")) {
            return;
        }
        if (address.isEmpty()) {
            if (entry.network() == null || entry.network().isEmpty()) {
                report.error(place, "needs an address");
                return;
            }
            report.warning(place, "has no address, only the network " + Quote.of(entry.network()));
        } else if (UnixText.isUnix(address)) {
            socket(entry, address, servicePorts, report);
        } else if (!IpText.isAddress(address) && !(names && DnsText.isFqdn(address))) {
            report.error(
                    place,
                    Quote.of(address)
                            + (names
                                    ? " is neither an IP address nor a host name"
                                    : " is no IP address, which resolution STATIC needs; use DNS for a host name"));
        }
        ports(entry, servicePorts, report);
        ValueRules.labels(report, entry.at(), "labels", entry.labels());
    }

    private static void socket(
            WorkloadEntry.Spec entry, String address, @Nullable Collection<String> servicePorts, Report report) {
        if (!UnixText.isValid(address)) {
            report.error(
                    Place.of(entry.at(), "address"),
                    Quote.of(address) + " must name an absolute file or, after @, an abstract socket");
        }
        if (ValueRules.isThere(entry.at(), "ports")) {
            report.error(Place.of(entry.at()).key("ports"), "a Unix socket has no ports");
        }
        if (servicePorts != null && servicePorts.size() != 1) {
            report.error(
                    Place.of(entry.at(), "address"),
                    "a Unix socket is for a service with exactly one port, not " + servicePorts.size());
        }
    }

    static void ports(WorkloadEntry.Spec entry, @Nullable Collection<String> servicePorts, Report report) {
        for (Map.Entry<String, Long> port : entry.ports().entrySet()) {
            Place map = Place.of(entry.at(), "ports");
            String name = port.getKey();
            if (servicePorts != null && !servicePorts.contains(name)) {
                report.error(map.key(name), "the service has no port " + Quote.of(name));
            }
            ValueRules.label(report, map.key(name), name);
            if (name.length() == PORT_NAME_LIMIT) {
                report.error(map.key(name), "must be shorter than " + PORT_NAME_LIMIT + " characters");
            }
            ValueRules.port(report, map.field(name), port.getValue());
        }
    }
}
