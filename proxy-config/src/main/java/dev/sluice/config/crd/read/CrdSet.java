package dev.sluice.config.crd.read;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeEndpointSlice;
import dev.sluice.config.crd.kube.KubeNode;
import dev.sluice.config.crd.kube.KubePod;
import dev.sluice.config.crd.kube.KubeSecret;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeWorkload;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.schema.CrdObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every object of a configuration. Immutable.
 *
 * <p>Lists are in Istio's order of precedence for objects without a creation time: by name, then by namespace (spec
 * §0). No two objects of a kind share namespace and name.
 */
public final class CrdSet {
    private static final Comparator<CrdObject> ORDER = CrdSet::compare;

    private final Map<Class<?>, Shelf> shelves = new HashMap<>();
    private final MeshConfig mesh;

    private CrdSet(Collection<? extends CrdObject> objects, MeshConfig mesh) {
        this.mesh = mesh;
        Map<Class<?>, List<CrdObject>> sorted = new HashMap<>();
        for (CrdObject object : objects) {
            sorted.computeIfAbsent(object.getClass(), type -> new ArrayList<>()).add(object);
        }
        sorted.forEach((type, list) -> {
            list.sort(ORDER);
            shelves.put(type, new Shelf(list));
        });
    }

    private static int compare(CrdObject one, CrdObject other) {
        int order = one.metadata().name().compareTo(other.metadata().name());
        if (order == 0) {
            order = one.metadata().namespace().compareTo(other.metadata().namespace());
        }
        return order != 0 ? order : one.kind().compareTo(other.kind());
    }

    /**
     * A set of these objects.
     *
     * @param mesh settings of the mesh, already merged
     */
    public static CrdSet of(Collection<? extends CrdObject> objects, MeshConfig mesh) {
        return new CrdSet(objects, mesh);
    }

    private CrdSet(CrdSet base, Map<? extends CrdObject, ? extends CrdObject> others) {
        this.mesh = base.mesh;
        Map<Class<?>, Map<CrdObject, CrdObject>> byType = new HashMap<>();
        others.forEach((object, other) -> byType.computeIfAbsent(object.getClass(), type -> new IdentityHashMap<>())
                .put(object, other));
        shelves.putAll(base.shelves);
        byType.forEach((type, of) -> shelves.computeIfPresent(type, (same, shelf) -> new Shelf(shelf, of)));
    }

    /**
     * This set with others in the place of some objects, each of the same type, namespace and name. The objects to replace
     * are known by identity; the mesh's settings stay.
     */
    public CrdSet with(Map<? extends CrdObject, ? extends CrdObject> others) {
        return new CrdSet(this, others);
    }

    /** MeshConfig, merged of {@code --set}, {@code mesh.yaml} and IstioOperator documents; without values if none. */
    public MeshConfig mesh() {
        return mesh;
    }

    /** Istio's routing rules. */
    public List<VirtualService> virtualServices() {
        return all(VirtualService.class);
    }

    /** Istio's policies of hosts. */
    public List<DestinationRule> destinationRules() {
        return all(DestinationRule.class);
    }

    /** Istio's ports at the edge. */
    public List<Gateway> gateways() {
        return all(Gateway.class);
    }

    /** Istio's services that Kubernetes does not know. */
    public List<ServiceEntry> serviceEntries() {
        return all(ServiceEntry.class);
    }

    /** Istio's endpoints that are no pods. */
    public List<WorkloadEntry> workloadEntries() {
        return all(WorkloadEntry.class);
    }

    /** Istio's listeners and visibility of one workload. */
    public List<Sidecar> sidecars() {
        return all(Sidecar.class);
    }

    /** Kubernetes' services. */
    public List<KubeService> services() {
        return all(KubeService.class);
    }

    /** Kubernetes' endpoints. */
    public List<KubeEndpointSlice> endpointSlices() {
        return all(KubeEndpointSlice.class);
    }

    /** Kubernetes' pods. */
    public List<KubePod> pods() {
        return all(KubePod.class);
    }

    /** Kubernetes' nodes. */
    public List<KubeNode> nodes() {
        return all(KubeNode.class);
    }

    /** Deployments and other kinds that make pods. */
    public List<KubeWorkload> workloads() {
        return all(KubeWorkload.class);
    }

    /** Kubernetes' secrets. */
    public List<KubeSecret> secrets() {
        return all(KubeSecret.class);
    }

    /** Every object of a record type, by name, then namespace. */
    public <T extends CrdObject> List<T> all(Class<T> type) {
        Shelf shelf = shelves.get(type);
        return shelf == null ? List.of() : cast(shelf.all);
    }

    /** Every object of a record type in a namespace, by name. */
    public <T extends CrdObject> List<T> in(Class<T> type, String namespace) {
        Shelf shelf = shelves.get(type);
        return shelf == null ? List.of() : cast(shelf.byNamespace.getOrDefault(namespace, List.of()));
    }

    /** The object of that name, or null; of several kinds in one record type (workloads) the first. */
    public <T extends CrdObject> @Nullable T find(Class<T> type, String namespace, String name) {
        Shelf shelf = shelves.get(type);
        CrdObject found = shelf == null ? null : shelf.byId().get(namespace + "/" + name);
        return found == null ? null : type.cast(found);
    }

    /** Every object, those of a type together. */
    public List<CrdObject> objects() {
        List<CrdObject> objects = new ArrayList<>(size());
        shelves.values().forEach(shelf -> objects.addAll(shelf.all));
        return objects;
    }

    /** How many objects there are. */
    public int size() {
        int sum = 0;
        for (Shelf shelf : shelves.values()) {
            sum += shelf.all.size();
        }
        return sum;
    }

    @SuppressWarnings("unchecked") // a shelf holds objects of exactly the class that it is filed under
    private static <T extends CrdObject> List<T> cast(List<CrdObject> objects) {
        return (List<T>) objects;
    }

    /** The objects of one record type. */
    private static final class Shelf {
        private final List<CrdObject> all;
        private final Map<String, List<CrdObject>> byNamespace;
        /** Made when it is asked for: most sets are asked for lists only. */
        private volatile @Nullable Map<String, CrdObject> byId;

        Shelf(List<CrdObject> sorted) {
            all = List.copyOf(sorted);
            byNamespace = new HashMap<>();
            for (CrdObject object : all) {
                byNamespace
                        .computeIfAbsent(object.metadata().namespace(), namespace -> new ArrayList<>())
                        .add(object);
            }
            byNamespace.replaceAll((namespace, objects) -> List.copyOf(objects));
        }

        Shelf(Shelf base, Map<CrdObject, CrdObject> others) {
            all = replaced(base.all, others.entrySet());
            byNamespace = new HashMap<>(base.byNamespace);
            Map<String, List<Map.Entry<CrdObject, CrdObject>>> entries = new HashMap<>();
            others.entrySet().forEach(entry -> entries.computeIfAbsent(
                            entry.getKey().metadata().namespace(), namespace -> new ArrayList<>())
                    .add(Map.entry(entry.getKey(), entry.getValue())));
            entries.forEach((namespace, own) ->
                    byNamespace.computeIfPresent(namespace, (same, objects) -> replaced(objects, own)));
        }

        private static List<CrdObject> replaced(
                List<CrdObject> sorted, Collection<Map.Entry<CrdObject, CrdObject>> others) {
            CrdObject[] objects = sorted.toArray(new CrdObject[0]);
            for (Map.Entry<CrdObject, CrdObject> entry : others) {
                int at = Arrays.binarySearch(objects, entry.getValue(), ORDER);
                if (at < 0 || objects[at] != entry.getKey()) {
                    throw new IllegalArgumentException(
                            "not in the set: " + entry.getKey().metadata().id());
                }
                objects[at] = entry.getValue();
            }
            return List.of(objects);
        }

        Map<String, CrdObject> byId() {
            Map<String, CrdObject> made = byId;
            if (made == null) {
                made = new HashMap<>();
                for (CrdObject object : all) {
                    made.putIfAbsent(object.metadata().id(), object);
                }
                byId = made;
            }
            return made;
        }
    }
}
