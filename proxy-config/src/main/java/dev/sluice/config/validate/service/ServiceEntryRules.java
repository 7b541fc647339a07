package dev.sluice.config.validate.service;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.Location;
import dev.sluice.config.crd.ServiceEntry.Resolution;
import dev.sluice.config.crd.ServiceEntry.ServicePort;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.ExportToRules;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.IpText;
import dev.sluice.config.validate.text.PortProtocol;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** ServiceEntry (spec §11.4). */
public final class ServiceEntryRules {
    private static final int MAX_ADDRESS = 64;
    private static final String WAYPOINT = "istio.io/use-waypoint";
    private static final Set<PortProtocol> DYNAMIC =
            Set.of(PortProtocol.HTTP, PortProtocol.HTTP2, PortProtocol.GRPC, PortProtocol.TLS);

    private final ServiceEntry entry;
    private final MapNode at;
    private final Resolution resolution;
    private final Report report;

    private ServiceEntryRules(ServiceEntry entry, Report report) {
        this.entry = entry;
        this.at = entry.at();
        this.resolution = entry.resolution() == null ? Resolution.NONE : entry.resolution();
        this.report = report;
    }

    /** Adds what is wrong with {@code entry}. */
    public static void check(ServiceEntry entry, Report report) {
        new ServiceEntryRules(entry, report).check();
    }

    private void check() {
        if (entry.workloadSelector() != null) {
            ValueRules.selector(
                    report,
                    entry.workloadSelector().at(),
                    "labels",
                    entry.workloadSelector().labels());
            if (at.has("endpoints")) {
                report.error(Place.of(at).key("endpoints"), "workloadSelector and endpoints exclude one another");
            }
        }
        hosts();
        addresses();
        Set<String> ports = ports();
        switch (resolution) {
            case NONE -> none();
            case STATIC ->
                entry.endpoints().forEach(endpoint -> WorkloadEntryRules.check(endpoint, ports, false, report));
            case DNS, DNS_ROUND_ROBIN -> dns(ports);
            case DYNAMIC_DNS -> dynamic();
        }
        manyHosts();
        ExportToRules.check(report, at, entry.exportTo(), true);
    }

    private void hosts() {
        for (int i = 0; i < entry.hosts().size(); i++) {
            String host = entry.hosts().get(i);
            Place place = Place.of(at, "hosts").item(i);
            if (host.equals("*")) {
                report.error(place, "must be one host or a domain such as \"*.example.com\", not \"*\"");
                continue;
            }
            ValueRules.wildcardDomain(report, place, host);
            if (resolution != Resolution.DYNAMIC_DNS
                    && DnsText.isPartialWildcard(host)
                    && DnsText.wildcardDomainProblem(host) == null) {
                report.warning(place, Quote.of(host) + ": a wildcard should be a whole label, as in \"*.example.com\"");
            }
        }
    }

    private void addresses() {
        boolean blocks = resolution == Resolution.NONE || resolution == Resolution.STATIC;
        for (int i = 0; i < entry.addresses().size(); i++) {
            String address = entry.addresses().get(i);
            Place place = Place.of(at, "addresses").item(i);
            if (address.length() > MAX_ADDRESS) {
                report.error(place, "must have at most " + MAX_ADDRESS + " characters, not " + address.length());
            } else if (!IpText.isSubnet(address)) {
                report.error(place, Quote.of(address) + " must be an IP address or a block such as 10.0.0.0/8");
            } else if (!blocks && address.indexOf('/') >= 0) {
                report.error(place, Quote.of(address) + ": a block is for resolution NONE or STATIC only");
            }
        }
    }

    /** Their names. */
    private Set<String> ports() {
        Set<String> names = new LinkedHashSet<>();
        Set<Long> numbers = new HashSet<>();
        for (ServicePort port : entry.ports()) {
            String name = port.name();
            if (name != null) {
                ValueRules.label(report, Place.of(port.at(), "name"), name);
                if (!names.add(name)) {
                    report.error(Place.of(port.at(), "name"), "there is already a port " + Quote.of(name));
                }
            }
            if (port.number() != null && !numbers.add(port.number())) {
                report.error(Place.of(port.at(), "number"), "there is already a port " + port.number());
            }
            ValueRules.protocol(report, port.at(), port.protocol());
        }
        return names;
    }

    private void none() {
        if (ValueRules.isThere(at, "endpoints")) {
            report.error(
                    Place.of(at).key("endpoints"),
                    "resolution NONE goes where the client goes, and takes no endpoints; set resolution: STATIC or DNS");
        }
        if (entry.workloadSelector() != null) {
            report.warning(Place.of(at).key("workloadSelector"), "is passed over with resolution NONE");
        }
    }

    private void dns(Set<String> ports) {
        List<WorkloadEntry.Spec> endpoints = entry.endpoints();
        if (ValueRules.none(at, "endpoints")) {
            for (int i = 0; i < entry.hosts().size(); i++) {
                String host = entry.hosts().get(i);
                if (DnsText.wildcardDomainProblem(host) == null && !host.equals("*") && !DnsText.isFqdn(host)) {
                    report.error(
                            Place.of(at, "hosts").item(i),
                            Quote.of(host) + " cannot be looked up in DNS; give endpoints, or a full name");
                }
            }
        }
        if (resolution == Resolution.DNS_ROUND_ROBIN && endpoints.size() > 1) {
            report.error(
                    Place.of(at, "endpoints"), "DNS_ROUND_ROBIN takes at most one endpoint, not " + endpoints.size());
        }
        for (WorkloadEntry.Spec endpoint : endpoints) {
            String address = endpoint.address() == null ? "" : endpoint.address();
            if (!IpText.isAddress(address) && !DnsText.isFqdn(address)) {
                report.error(
                        Place.of(endpoint.at(), "address"),
                        Quote.of(address) + " is neither an IP address nor a host name");
            }
            ValueRules.labels(report, endpoint.at(), "labels", endpoint.labels());
            WorkloadEntryRules.ports(endpoint, ports, report);
        }
        boolean tcp = entry.ports().stream().anyMatch(port -> is(port, PortProtocol::isTcp));
        if (tcp && entry.hosts().size() > 1 && !entry.addresses().isEmpty()) {
            report.warning(
                    Place.of(at, "hosts"), "several hosts with the same addresses cannot be told apart on a TCP port");
        }
    }

    private void dynamic() {
        for (int i = 0; i < entry.hosts().size(); i++) {
            if (!HostNames.isWildcard(entry.hosts().get(i))) {
                report.error(
                        Place.of(at, "hosts").item(i),
                        Quote.of(entry.hosts().get(i)) + " must be a wildcard with DYNAMIC_DNS; use DNS for one host");
            }
        }
        for (String field : List.of("addresses", "endpoints")) {
            if (!ValueRules.none(at, field)) {
                report.error(
                        Place.of(at).key(field), "has no place beside DYNAMIC_DNS, which looks up what is asked for");
            }
        }
        for (ServicePort port : entry.ports()) {
            PortProtocol protocol = port.protocol() == null ? null : PortProtocol.of(port.protocol());
            if (protocol == null ? port.protocol() == null || port.protocol().isEmpty() : !DYNAMIC.contains(protocol)) {
                report.error(Place.of(port.at(), "protocol"), "must be HTTP, HTTP2, GRPC or TLS with DYNAMIC_DNS");
            }
        }
        if (entry.location() == Location.MESH_INTERNAL
                && entry.metadata().labels().containsKey(WAYPOINT)) {
            report.error(
                    Place.of(at, "location"),
                    "DYNAMIC_DNS behind a waypoint (label " + WAYPOINT + ") must be external");
        }
    }

    /** By their names hosts can be told apart in HTTP and in TLS only. */
    private void manyHosts() {
        if (resolution == Resolution.NONE || entry.hosts().size() < 2) {
            return;
        }
        for (ServicePort port : entry.ports()) {
            if (!is(port, protocol -> protocol.isHttp() || protocol.isTls())) {
                report.error(
                        Place.of(port.at(), "protocol"),
                        "several hosts need ports of HTTP or TLS, where a request says which of them it is for");
                return;
            }
        }
    }

    private static boolean is(ServicePort port, Predicate<PortProtocol> test) {
        PortProtocol protocol = port.protocol() == null ? null : PortProtocol.of(port.protocol());
        return protocol != null && test.test(protocol);
    }
}
