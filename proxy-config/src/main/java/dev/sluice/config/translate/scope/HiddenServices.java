package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.plan.HiddenServicesPlan;
import dev.sluice.config.plan.HiddenServicesPlan.HiddenService;
import dev.sluice.config.plan.HiddenServicesPlan.ObjectRef;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServiceRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the registry has and this proxy does not: services of which none of a host is exported to its namespace, and those
 * that no egress listener of its Sidecar lets in.
 */
public final class HiddenServices {
    private final ProxyScope scope;
    private final @Nullable ObjectRef sidecar;

    private HiddenServices(ProxyScope scope) {
        this.scope = scope;
        Sidecar inForce = scope.sidecar().sidecar();
        this.sidecar = inForce == null
                ? null
                : new ObjectRef(
                        inForce.kind(),
                        inForce.metadata().namespace(),
                        inForce.metadata().name(),
                        inForce.at().ref());
    }

    /** The services of {@code registry} that {@code scope} is without. */
    public static HiddenServicesPlan of(ServiceRegistry registry, ProxyScope scope) {
        HiddenServices hidden = new HiddenServices(scope);
        Set<String> hosts = new HashSet<>();
        List<HiddenService> found = new ArrayList<>();
        for (Service service : registry.services()) {
            HiddenService one = hosts.add(service.host()) ? hidden.of(service) : null;
            if (one != null) {
                found.add(one);
            }
        }
        return found.isEmpty() ? HiddenServicesPlan.NONE : new HiddenServicesPlan(search(scope.identity()), found);
    }

    /** @param first of its host in the registry */
    private @Nullable HiddenService of(Service first) {
        Service seen = scope.services().get(first.host());
        if (seen == null) {
            return hidden(first, null);
        }
        return sidecar == null || scope.sidecar().imports(seen) ? null : hidden(seen, sidecar);
    }

    private static HiddenService hidden(Service service, @Nullable ObjectRef sidecar) {
        return new HiddenService(
                service.host(),
                service.ips().addresses(),
                new ObjectRef(
                        service.declaration().kubernetes() ? "Service" : "ServiceEntry",
                        service.namespace(),
                        service.declaration().name(),
                        service.at()),
                sidecar,
                service.declaration().exportTo());
    }

    private static List<String> search(ProxyIdentity identity) {
        String cluster = "." + identity.domain();
        String services = ".svc" + cluster;
        return List.of("." + identity.namespace() + services, services, cluster);
    }
}
