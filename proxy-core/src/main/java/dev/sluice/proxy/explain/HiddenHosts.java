package dev.sluice.proxy.explain;

import dev.sluice.config.plan.HiddenServicesPlan;
import dev.sluice.config.plan.HiddenServicesPlan.HiddenService;
import dev.sluice.config.plan.HiddenServicesPlan.ObjectRef;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.words.WildcardHost;
import org.jspecify.annotations.Nullable;

/** Says of a host that nothing routes who declares it nevertheless, what hides it, and how it would be seen. */
final class HiddenHosts {
    private final HiddenServicesPlan hidden;
    private final String namespace;

    HiddenHosts(ProxyPlan plan) {
        this.hidden = plan.hidden();
        this.namespace = plan.settings().namespace();
    }

    /**
     * Why {@code host} is not seen; null where nobody declares it.
     *
     * @param host lower-case name, in full or short, or an address; without port
     */
    @Nullable
    String why(String host) {
        boolean framed = host.startsWith("[") && host.endsWith("]");
        int end = framed || host.endsWith(".") ? host.length() - 1 : host.length();
        HiddenService found = find(host.substring(framed ? 1 : 0, end));
        return found == null ? null : place(found.declaredBy()) + " declares it, but " + hider(found);
    }

    private @Nullable HiddenService find(String host) {
        HiddenService covering = null;
        for (HiddenService service : hidden.services()) {
            if (names(service, host)) {
                return service;
            }
            boolean longer = covering == null
                    || service.host().length() > covering.host().length();
            if (longer && service.host().startsWith("*") && WildcardHost.covers(service.host(), host, 1)) {
                covering = service;
            }
        }
        return covering;
    }

    private boolean names(HiddenService service, String host) {
        if (service.host().equals(host) || service.addresses().contains(host)) {
            return true;
        }
        for (String ending : hidden.search()) {
            if (service.host().equals(host + ending)) {
                return true;
            }
        }
        return false;
    }

    private String hider(HiddenService service) {
        ObjectRef sidecar = service.sidecar();
        if (sidecar != null) {
            return place(sidecar) + " does not let it in; to reach it, let "
                    + service.declaredBy().namespace() + "/" + service.host() + " in by its egress.hosts";
        }
        String by = service.exportTo().isEmpty()
                ? "MeshConfig's defaultServiceExportTo"
                : "its exportTo " + service.exportTo();
        return by + " hides it from namespace " + namespace + "; to reach it, export it to " + namespace;
    }

    private static String place(ObjectRef object) {
        return object.kind() + " " + object.namespace() + "/" + object.name() + " ("
                + object.at().file() + ":" + object.at().line() + ")";
    }
}
