package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * VirtualServices and the Gateways that they name: each must be there (IST0101), take at least one of the hosts
 * (IST0132), and every host must be taken by one of them (SLC0111).
 */
final class BindingAnalysis {
    private final World world;
    private final IdentityHashMap<Gateway, HostIndex<GatewayHost>> hosts = new IdentityHashMap<>();
    private final List<String> names = new ArrayList<>();

    private BindingAnalysis(World world) {
        this.world = world;
        for (Gateway gateway : world.set().gateways()) {
            names.add(gateway.metadata().id());
        }
    }

    static void run(World world) {
        BindingAnalysis analysis = new BindingAnalysis(world);
        world.set().virtualServices().forEach(analysis::check);
    }

    private void check(VirtualService service) {
        String namespace = service.metadata().namespace();
        boolean[] taken = new boolean[service.hosts().size()];
        boolean allKnown = !service.gateways().isEmpty();
        boolean someTake = false;
        for (int i = 0; i < service.gateways().size(); i++) {
            String written = service.gateways().get(i);
            String id = HostNames.gateway(written, namespace);
            Place place = Place.of(service.at(), "gateways").item(i);
            if (id.equals(HostNames.MESH)) {
                allKnown = false;
                continue;
            }
            int slash = id.indexOf('/');
            Gateway gateway = world.set().find(Gateway.class, id.substring(0, slash), id.substring(slash + 1));
            if (gateway == null) {
                allKnown = false;
                world.report(service)
                        .add(
                                Severity.ERROR,
                                Codes.NOT_FOUND,
                                place,
                                "gateway " + Quote.of(written) + " not found"
                                        + world.hints().didYouMean("gateway", names, id));
            } else if (mark(service, gateway, taken)) {
                someTake = true;
            } else {
                world.report(service)
                        .add(
                                Severity.WARNING,
                                Codes.HOST_NOT_IN_GATEWAY,
                                place,
                                "gateway " + id + " takes none of this VirtualService's hosts");
            }
        }
        if (allKnown && someTake) {
            unserved(service, taken);
        }
    }

    private void unserved(VirtualService service, boolean[] taken) {
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i]) {
                world.report(service)
                        .warning(
                                Codes.UNSERVED_HOST,
                                Place.of(service.at(), "hosts").item(i),
                                "none of the gateways takes "
                                        + Quote.of(service.hosts().get(i)));
            }
        }
    }

    /** Notes which hosts the gateway takes; whether it takes any. A delegate has none to be taken. */
    private boolean mark(VirtualService service, Gateway gateway, boolean[] taken) {
        HostIndex<GatewayHost> index = hosts.computeIfAbsent(gateway, BindingAnalysis::index);
        String namespace = service.metadata().namespace();
        boolean any = taken.length == 0;
        for (int i = 0; i < taken.length; i++) {
            boolean[] found = new boolean[1];
            index.forEachMatching(
                    HostNames.expand(service.hosts().get(i), namespace),
                    (name, host) -> found[0] |= host.isFor(namespace));
            taken[i] |= found[0];
            any |= found[0];
        }
        return any;
    }

    private static HostIndex<GatewayHost> index(Gateway gateway) {
        HostIndex<GatewayHost> index = new HostIndex<>();
        for (Gateway.Server server : gateway.servers()) {
            for (String written : server.hosts()) {
                GatewayHost host = GatewayHost.of(written, gateway.metadata().namespace());
                index.add(host.host(), host);
            }
        }
        return index;
    }
}
