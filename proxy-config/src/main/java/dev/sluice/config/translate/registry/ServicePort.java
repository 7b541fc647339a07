package dev.sluice.config.translate.registry;

import dev.sluice.config.plan.EndpointPlan;
import java.util.List;

/**
 * One port of a service.
 *
 * @param number the key that {@code destination.port} uses
 * @param name empty when it has none
 * @param protocol what is spoken on it
 * @param endpoints who serves it, each with the port that its own rules gave it; names to resolve for the DNS kinds
 */
public record ServicePort(int number, String name, PortProtocol protocol, List<EndpointPlan> endpoints) {
    public ServicePort {
        endpoints = List.copyOf(endpoints);
    }
}
