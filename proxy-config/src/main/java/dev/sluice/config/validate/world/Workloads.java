package dev.sluice.config.validate.world;

import dev.sluice.config.crd.LabelIndex;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeNodes;
import dev.sluice.config.crd.kube.KubePod;
import dev.sluice.config.crd.kube.KubeWorkload;
import dev.sluice.config.crd.read.CrdSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workloads that the documents know of: Pods, those that a Deployment or another kind makes, and, apart,
 * WorkloadEntries.
 */
public final class Workloads {
    private final Map<String, List<Workload>> podsIn = new HashMap<>();
    private final Map<String, LabelIndex<Workload>> podsByLabel = new HashMap<>();
    private final Map<String, List<Workload>> entriesIn = new HashMap<>();
    private final Map<String, LabelIndex<Workload>> entriesByLabel = new HashMap<>();
    private final Map<String, Workload> podsById = new HashMap<>();
    private final Map<String, Workload> podsByAddress = new HashMap<>();
    private final Map<String, Workload> makers = new HashMap<>();
    private final LabelIndex<Workload> podsEverywhere = new LabelIndex<>();

    /**
     * One of them.
     *
     * @param what such as {@code Pod shop/reviews-v1}
     * @param placed its labels with those of its place, which its endpoint has
     */
    public record Workload(String namespace, String what, Map<String, String> labels, Map<String, String> placed) {}

    Workloads(CrdSet set, KubeNodes nodes) {
        for (KubePod pod : set.pods()) {
            String id = pod.metadata().id();
            Map<String, String> labels = pod.metadata().labels();
            Workload workload =
                    new Workload(pod.metadata().namespace(), "Pod " + id, labels, nodes.placed(labels, pod.nodeName()));
            add(workload);
            podsById.put(id, workload);
            String ip = pod.status() == null ? null : pod.status().podIP();
            if (ip != null) {
                podsByAddress.putIfAbsent(pod.metadata().namespace() + "/" + ip, workload);
            }
        }
        for (KubeWorkload maker : set.workloads()) {
            String id = maker.metadata().id();
            Map<String, String> labels = maker.podLabels();
            Workload workload = new Workload(
                    maker.metadata().namespace(), maker.kind() + " " + id, labels, nodes.placed(labels, null));
            add(workload);
            makers.putIfAbsent(id, workload);
        }
        for (WorkloadEntry entry : set.workloadEntries()) {
            // the object's own labels win over those of its spec
            Map<String, String> labels = new LinkedHashMap<>(entry.spec().labels());
            labels.putAll(entry.metadata().labels());
            String namespace = entry.metadata().namespace();
            Workload workload = new Workload(
                    namespace,
                    "WorkloadEntry " + entry.metadata().id(),
                    labels,
                    entry.spec().placed(labels));
            entriesIn.computeIfAbsent(namespace, key -> new ArrayList<>()).add(workload);
            entriesByLabel.computeIfAbsent(namespace, key -> new LabelIndex<>()).add(labels, workload);
        }
    }

    private void add(Workload workload) {
        podsEverywhere.add(workload.labels(), workload);
        podsIn.computeIfAbsent(workload.namespace(), key -> new ArrayList<>()).add(workload);
        podsByLabel
                .computeIfAbsent(workload.namespace(), key -> new LabelIndex<>())
                .add(workload.labels(), workload);
    }

    /** Pods of every namespace that a selector takes. */
    public List<Workload> pods(Map<String, String> selector) {
        return podsEverywhere.select(selector);
    }

    /** Pods of a namespace. */
    public List<Workload> podsIn(String namespace) {
        return podsIn.getOrDefault(namespace, List.of());
    }

    /** Pods of a namespace that a selector takes. */
    public List<Workload> pods(String namespace, Map<String, String> selector) {
        LabelIndex<Workload> index = podsByLabel.get(namespace);
        return index == null ? List.of() : index.select(selector);
    }

    /** WorkloadEntries of a namespace. */
    public List<Workload> entriesIn(String namespace) {
        return entriesIn.getOrDefault(namespace, List.of());
    }

    /** WorkloadEntries of a namespace that a selector takes. */
    public List<Workload> entries(String namespace, Map<String, String> selector) {
        LabelIndex<Workload> index = entriesByLabel.get(namespace);
        return index == null ? List.of() : index.select(selector);
    }

    /** The pod of that address; null for none. */
    @Nullable
    public Workload podOfAddress(String namespace, String address) {
        return podsByAddress.get(namespace + "/" + address);
    }

    /**
     * The pod of that name, else the pod of that address, else the Deployment or other maker whose name the pod's begins
     * with, the longest such name; null for none.
     */
    @Nullable
    public Workload pod(String namespace, String pod, String address) {
        Workload known = podsById.get(namespace + "/" + pod);
        if (known == null) {
            known = podsByAddress.get(namespace + "/" + address);
        }
        for (int end = pod.length(); known == null && end > 0; end = pod.lastIndexOf('-', end - 1)) {
            known = makers.get(namespace + "/" + pod.substring(0, end));
        }
        return known;
    }
}
