package dev.sluice.config.translate.stream;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a {@code tcp} or {@code tls} match block that do not depend on the connection (spec §1.11): port,
 * gateways, labels and namespace of this workload. All must hold; gateways do not switch the others off, as they do in an
 * HTTP block.
 *
 * @param port null or 0 for any
 * @param namespace null or empty for any
 */
record StreamFilter(
        @Nullable Long port, List<String> gateways, Map<String, String> sourceLabels, @Nullable String namespace) {
    /**
     * Whether the block may take a connection of that binding.
     *
     * @param owner namespace of the VirtualService
     */
    boolean admits(ProxyIdentity identity, String owner, Binding binding) {
        boolean otherPort = port != null && port != 0 && port != binding.port();
        boolean otherNamespace = namespace != null && !namespace.isEmpty() && !namespace.equals(identity.namespace());
        return !otherPort
                && !otherNamespace
                && Labels.carry(identity.labels(), sourceLabels)
                && (gateways.isEmpty() || names(owner, binding.gateway()));
    }

    private boolean names(String owner, String wanted) {
        for (String gateway : gateways) {
            if (HostNames.gateway(gateway, owner).equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
