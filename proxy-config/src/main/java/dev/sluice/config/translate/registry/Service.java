package dev.sluice.config.translate.registry;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.SourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service, of one namespace and one host.
 *
 * @param host lower-case full name, or a wildcard
 * @param declaration what declares it
 * @param discovery how its endpoints come about
 * @param ports in the order of declaration, no number twice
 * @param ips its own addresses
 * @param nearness which of its endpoints it wants to be used
 * @param standsFor the service of which this one is another name, an ExternalName; null for none
 * @param subjectAltNames names of which its servers' certificates must have one, where no DestinationRule names others
 */
public record Service(
        String host,
        Declaration declaration,
        Discovery discovery,
        List<ServicePort> ports,
        VirtualIps ips,
        Nearness nearness,
        @Nullable Service standsFor,
        List<String> subjectAltNames) {
    public Service {
        ports = List.copyOf(ports);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** Whether it has no address of its own, so that clients dial its endpoints. */
    public boolean headless() {
        return discovery == Discovery.HEADLESS;
    }

    /** Of the object that declares it. */
    public String namespace() {
        return declaration.namespace();
    }

    /** Where it is declared. */
    public SourceRef at() {
        return declaration.at();
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
