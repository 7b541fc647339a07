package dev.sluice.config.translate.registry;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A service while its declarations are brought together. */
final class ServiceDraft {
    final String host;
    final Declaration declaration;
    final Discovery discovery;
    Nearness nearness = Nearness.ANY;
    final Set<String> addresses = new LinkedHashSet<>();
    final Set<String> ranges = new LinkedHashSet<>();
    final Set<String> subjectAltNames = new LinkedHashSet<>();
    /** Whether Kubernetes gives it no address on purpose, so that clients dial its endpoints. */
    boolean headless;

    private final Map<Integer, PortDraft> ports = new LinkedHashMap<>();

    ServiceDraft(String host, Declaration declaration, Discovery discovery) {
        this.host = host;
        this.declaration = declaration;
        this.discovery = discovery;
    }

    /** A port; endpoints that are alike in everything count once. */
    static final class PortDraft {
        final String name;
        final PortProtocol protocol;
        private final Set<EndpointPlan> endpoints = new LinkedHashSet<>();

        private PortDraft(String name, PortProtocol protocol) {
            this.name = name;
            this.protocol = protocol;
        }

        void add(EndpointPlan endpoint) {
            endpoints.add(endpoint);
        }

        boolean hasNoneBut(EndpointPlan endpoint) {
            return endpoints.isEmpty() || endpoints.contains(endpoint);
        }
    }

    /** The port of that number, made if it is not there. */
    PortDraft port(int number, String name, PortProtocol protocol) {
        return ports.computeIfAbsent(number, added -> new PortDraft(name, protocol));
    }

    Service finished() {
        List<ServicePort> done = new ArrayList<>(ports.size());
        ports.forEach((number, port) ->
                done.add(new ServicePort(number, port.name, port.protocol, List.copyOf(port.endpoints))));
        boolean dialled = headless && addresses.isEmpty() && ranges.isEmpty();
        return new Service(
                host,
                declaration,
                dialled ? Discovery.HEADLESS : discovery,
                done,
                new VirtualIps(List.copyOf(addresses), List.copyOf(ranges), false),
                nearness,
                null,
                List.copyOf(subjectAltNames));
    }
}
