package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.VirtualService;
import java.util.List;

/**
 * A VirtualService that exists for this proxy.
 *
 * @param service as written
 * @param hosts its hosts, lower-case and in full
 */
public record RoutedHosts(VirtualService service, List<String> hosts) {
    public RoutedHosts {
        hosts = List.copyOf(hosts);
    }
}
