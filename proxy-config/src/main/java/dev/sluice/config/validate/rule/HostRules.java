package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.IpText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Hosts with a namespace before them: {@code namespace/dnsName} (spec §11.3 and §11.5). */
public final class HostRules {
    private HostRules() {}

    /** A Gateway server's hosts; the namespace may be left out. */
    public static void servers(Report report, MapNode part, List<String> hosts) {
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            Place place = Place.of(part, "hosts").item(i);
            int slash = host.indexOf('/');
            if (slash >= 0) {
                namespace(host, host.substring(0, slash), false, place, report);
            }
            name(host.substring(slash + 1), true, place, report);
        }
    }

    /** A Sidecar's egress hosts. */
    public static void egress(Report report, MapNode part, List<String> hosts) {
        Set<String> whole = new HashSet<>();
        Set<String> namespaces = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            Place place = Place.of(part, "hosts").item(i);
            int slash = host.indexOf('/');
            if (slash < 0) {
                report.error(
                        place, Quote.of(host) + " must be namespace/dnsName, such as \"./*\" for the own namespace");
                continue;
            }
            String written = host.substring(0, slash);
            String name = host.substring(slash + 1);
            namespace(
                    host,
                    written.startsWith("~") && written.length() > 1 ? written.substring(1) : written,
                    true,
                    place,
                    report);
            name(name, false, place, report);
            String namespace = written.equals(".") ? report.namespace() : written;
            boolean known = namespaces.contains(namespace);
            boolean covered =
                    name.equals("*") ? known : whole.contains(namespace) || names.contains(namespace + "/" + name);
            if (covered) {
                report.warning(
                        place,
                        Quote.of(host) + " is there already"
                                + (whole.contains(namespace) ? ": " + namespace + "/* takes the whole namespace" : ""));
            }
            namespaces.add(namespace);
            names.add(namespace + "/" + name);
            if (name.equals("*")) {
                whole.add(namespace);
            }
        }
        // "~ns/host" keeps out, which is of use beside everything.
        boolean letIn = namespaces.stream().anyMatch(ns -> !ns.equals("*") && !ns.startsWith("~"));
        if (whole.contains("*") && letIn) {
            report.warning(Place.of(part, "hosts"), "\"*/*\" takes everything: the others add nothing to it");
        }
    }

    /** @param nobody whether {@code ~} may stand there, for no namespace at all: only in a Sidecar */
    private static void namespace(String host, String namespace, boolean nobody, Place place, Report report) {
        if (namespace.isEmpty()) {
            report.error(place, Quote.of(host) + " has an empty namespace; write \".\" for the own one, \"*\" for any");
        } else if (!namespace.equals("*")
                && !namespace.equals(".")
                && !(nobody && namespace.equals("~"))
                && !DnsText.isLabel(namespace)) {
            report.error(place, Quote.of(namespace) + " must be a namespace, \".\" or \"*\"");
        }
    }

    private static void name(String name, boolean gateway, Place place, Report report) {
        String problem = DnsText.wildcardDomainProblem(name);
        if (problem != null && !(gateway && IpText.isAddress(name))) {
            report.error(place, problem);
        } else if (!name.equals("*") && name.indexOf('.') < 0) {
            report.error(
                    place,
                    IpText.isAddress(name)
                            ? Quote.of(name) + ": an address of IPv6 is no host here; write a name, or \"*\" for any"
                            : Quote.of(name) + " is a short name; write it in full, with its domain");
        } else if (DnsText.isPartialWildcard(name)) {
            report.error(place, Quote.of(name) + ": a wildcard must be a whole label, as in \"*.example.com\"");
        }
    }
}
