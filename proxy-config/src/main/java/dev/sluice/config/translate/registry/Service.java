package dev.sluice.config.translate.registry;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.SourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service, of one namespace and one host.
 *
 * @param host lower-case full name, or a wildcard
 * @param namespace of the object that declares it
 * @param kubernetes whether a Kubernetes Service declares it, rather than a ServiceEntry
 * @param discovery how its endpoints come about
 * @param ports in the order of declaration, no number twice
 * @param addresses its virtual IPs, lower-case, without brackets and without ranges
 * @param ranges its virtual IPs that are ranges, {@code literal/bits}
 * @param exportTo who sees it, as written; empty means the mesh's default
 * @param subjectAltNames names of which its servers' certificates must have one, where no DestinationRule names others
 * @param at where it is declared
 */
public record Service(
        String host,
        String namespace,
        boolean kubernetes,
        Discovery discovery,
        List<ServicePort> ports,
        List<String> addresses,
        List<String> ranges,
        List<String> exportTo,
        List<String> subjectAltNames,
        SourceRef at) {
    public Service {
        subjectAltNames = List.copyOf(subjectAltNames);
        ports = List.copyOf(ports);
        addresses = List.copyOf(addresses);
        ranges = List.copyOf(ranges);
        exportTo = List.copyOf(exportTo);
    }

    /** A service without ranges and names of its own. */
    public Service(
            String host,
            String namespace,
            boolean kubernetes,
            Discovery discovery,
            List<ServicePort> ports,
            List<String> addresses,
            List<String> exportTo,
            SourceRef at) {
        this(host, namespace, kubernetes, discovery, ports, addresses, List.of(), exportTo, List.of(), at);
    }

    /** Its port of that number, or null. */
    public @Nullable ServicePort port(int number) {
        for (ServicePort port : ports) {
            if (port.number() == number) {
                return port;
            }
        }
        return null;
    }

    /** Its only port; null when it has none or several. */
    public @Nullable ServicePort onlyPort() {
        return ports.size() == 1 ? ports.get(0) : null;
    }
}
