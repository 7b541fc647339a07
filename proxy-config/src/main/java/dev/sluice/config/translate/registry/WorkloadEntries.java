package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.LabelIndex;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.UnixSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Endpoints that are no pods: stand-alone WorkloadEntries by namespace and label, and the form they share with inline ones. */
final class WorkloadEntries {
    private final Map<String, LabelIndex<Workload>> byNamespace = new HashMap<>();
    private final Map<Map<String, String>, Map<String, String>> shared = new HashMap<>();

    WorkloadEntries(List<WorkloadEntry> entries) {
        for (WorkloadEntry entry : entries) {
            Map<String, String> labels = entry.labels();
            byNamespace
                    .computeIfAbsent(entry.metadata().namespace(), namespace -> new LabelIndex<>())
                    .add(labels, workload(entry.spec(), labels));
        }
    }

    /** One that is written in a ServiceEntry. */
    Workload inline(WorkloadEntry.Spec spec) {
        return workload(spec, spec.labels());
    }

    /** Those of one place with the same labels share them: metrics tell endpoints apart by the identity of their labels. */
    private Workload workload(WorkloadEntry.Spec spec, Map<String, String> own) {
        Map<String, String> labels = Map.copyOf(spec.placed(own));
        return new Workload(spec, shared.computeIfAbsent(labels, same -> same));
    }

    /**
     * An endpoint before a service's port is known.
     *
     * @param labels its own and those of its place
     */
    record Workload(WorkloadEntry.Spec spec, Map<String, String> labels) {
        /** IP, name or {@code unix://…}; null where it only says in which network it is. */
        @Nullable
        String address() {
            String address = spec.address();
            return address == null || address.isEmpty() ? null : address;
        }

        /**
         * The endpoint of a service's port: {@code ports[portName]}, else {@code otherwise}.
         *
         * @param address as a plan writes it; a Unix domain socket has no port
         */
        EndpointPlan endpoint(String address, String portName, int otherwise) {
            Long own = UnixSocket.is(address) ? Long.valueOf(0) : spec.ports().get(portName);
            Long weight = spec.weight();
            return new EndpointPlan(
                    address,
                    own == null ? otherwise : own.intValue(),
                    weight == null || weight <= 0 ? 1 : (int) Math.min(weight, Integer.MAX_VALUE),
                    KubeLocality.written(spec.locality(), labels),
                    labels);
        }
    }

    /** The workloads of a namespace that carry these labels, by name. */
    List<Workload> select(String namespace, Map<String, String> selector) {
        LabelIndex<Workload> index = byNamespace.get(namespace);
        return index == null ? List.of() : index.select(selector);
    }
}
