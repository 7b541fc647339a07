package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' Pod: read for its labels, which are its endpoint's, and for where ServiceEntries that select it reach it. */
public record KubePod(MapNode at, Metadata metadata, @Nullable PodSpec spec, @Nullable PodStatus status)
        implements CrdObject {
    static Rules rules() {
        return new Rules().open();
    }

    @Override
    public String kind() {
        return "Pod";
    }

    @Override
    public String root() {
        return "";
    }

    /** What is read of a pod's wishes. */
    public record PodSpec(
            MapNode at, @Nullable String nodeName, @Nullable String serviceAccountName, List<PodContainer> containers) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** What is read of a pod's state. */
    public record PodStatus(MapNode at, @Nullable String phase, @Nullable String podIP, List<PodCondition> conditions) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** One of its containers. */
    public record PodContainer(MapNode at, List<PodPort> ports) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** A port that a container has. */
    public record PodPort(MapNode at, @Nullable String name, @Nullable Long containerPort, @Nullable String protocol) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** Something that holds of a pod or not, such as that it is {@code Ready}. */
    public record PodCondition(MapNode at, @Nullable String type, @Nullable String status) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** The node that it runs on; null when unknown. */
    public @Nullable String nodeName() {
        return spec == null ? null : spec.nodeName();
    }

    /** Where it is reached; null while it has no address, takes no requests or has come to its end. */
    public @Nullable String servingAddress() {
        String phase = status == null ? null : status.phase();
        if (status == null || "Succeeded".equals(phase) || "Failed".equals(phase)) {
            return null;
        }
        for (PodCondition condition : status.conditions()) {
            if ("Ready".equals(condition.type()) && "False".equals(condition.status())) {
                return null;
            }
        }
        String address = status.podIP();
        return address == null || address.isEmpty() ? null : address;
    }

    /** Its named TCP ports; of two with one name the first counts. */
    public Map<String, Long> namedPorts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (PodContainer container : spec == null ? List.<PodContainer>of() : spec.containers()) {
            for (PodPort port : container.ports()) {
                boolean tcp = port.protocol() == null || port.protocol().equals("TCP");
                if (tcp && port.name() != null && port.containerPort() != null) {
                    named.putIfAbsent(port.name(), port.containerPort());
                }
            }
        }
        return named;
    }
}
