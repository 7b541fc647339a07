package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.SelectorIndex;
import dev.sluice.config.validate.world.Workloads.Workload;
import dev.sluice.config.validate.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gateways whose workloads are reached through Services: a port that none of these has is reached by nobody (IST0162).
 * Either of a Service's two numbers will do, for Istio lets a Gateway say the one that clients know.
 */
final class GatewayPortAnalysis {
    private final World world;
    private final Map<String, SelectorIndex<KubeService>> services = new HashMap<>();
    private final Map<Map<String, String>, Set<Long>> known = new HashMap<>();

    private GatewayPortAnalysis(World world) {
        this.world = world;
        for (KubeService service : world.set().services()) {
            if (!service.selector().isEmpty()) {
                services.computeIfAbsent(service.metadata().namespace(), key -> new SelectorIndex<>())
                        .add(service.selector(), service);
            }
        }
    }

    static void run(World world) {
        GatewayPortAnalysis analysis = new GatewayPortAnalysis(world);
        world.set().gateways().forEach(analysis::check);
    }

    private void check(Gateway gateway) {
        if (gateway.selector().isEmpty()) {
            return;
        }
        Set<Long> ports = known.computeIfAbsent(gateway.selector(), this::ports);
        for (Gateway.Server server : ports.isEmpty() ? Set.<Gateway.Server>of() : gateway.servers()) {
            Long number = server.port() == null ? null : server.port().number();
            if (number != null && server.port() != null && !ports.contains(number)) {
                world.report(gateway)
                        .add(
                                Severity.WARNING,
                                Codes.GATEWAY_PORT_NOT_ON_SERVICE,
                                Place.of(server.port().at(), "number"),
                                "no Service of the selected workloads has port " + number);
            }
        }
    }

    /** Of all Services that take a workload of this selector; empty where there is none. */
    private Set<Long> ports(Map<String, String> selector) {
        Set<Long> ports = new HashSet<>();
        for (Workload pod : world.workloads().pods(selector)) {
            SelectorIndex<KubeService> index = services.get(pod.namespace());
            if (index != null) {
                index.forEach(pod.labels(), service -> service.ports().forEach(port -> add(port, ports)));
            }
        }
        return ports;
    }

    private static void add(KubeServicePort port, Set<Long> ports) {
        if (port.protocol() != null && !port.protocol().equals("TCP")) {
            return;
        }
        Integer number = port.port();
        @Nullable
        Integer target = port.targetPort() == null ? null : port.targetPort().number();
        if (number != null) {
            ports.add(number.longValue());
        }
        if (target != null) {
            ports.add(target.longValue());
        }
    }
}
