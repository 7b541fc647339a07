package dev.sluice.config.translate.listener;

import dev.sluice.config.translate.registry.Service;
import java.util.ArrayList;
import java.util.List;

/** The names under which requests ask for a service on the mesh side (spec §0.3). */
final class Domains {
    private final String namespace;
    private final String svcDomain;

    /** @param namespace the proxy's: a service of its own is also known by its bare name */
    Domains(String namespace, String domain) {
        this.namespace = namespace;
        this.svcDomain = ".svc." + domain;
    }

    /** As a domain is written: an IPv6 address in brackets. */
    static String written(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /**
     * Short forms of {@code service.namespace.svc.domain}, by which the full name is meant; none for other names. A wildcard
     * has none: that of {@code *.namespace.svc.domain} would be {@code *}, every host there is.
     */
    List<String> shortForms(String host) {
        List<String> forms = new ArrayList<>();
        int dot = host.indexOf('.');
        if (dot <= 0
                || host.startsWith("*")
                || !host.endsWith(svcDomain)
                || dot >= host.length() - svcDomain.length()) {
            return forms;
        }
        String named = host.substring(0, host.length() - svcDomain.length());
        if (named.substring(dot + 1).equals(namespace)) {
            forms.add(named.substring(0, dot));
        }
        forms.add(named);
        forms.add(named + ".svc");
        return forms;
    }

    /** The full name with and without a final dot. */
    static List<String> full(String host) {
        return host.endsWith(".") || host.startsWith("*") ? List.of(host) : List.of(host, host + ".");
    }

    /** Every name below these. */
    static List<String> below(List<String> names) {
        return names.stream().map(name -> "*." + name).toList();
    }

    /** Virtual IPs as domains. */
    static List<String> addresses(Service service) {
        List<String> written = new ArrayList<>();
        for (String address : service.ips().addresses()) {
            written.add(written(address));
        }
        return written;
    }
}
