package dev.sluice.config.crd.read;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeEndpointSlice;
import dev.sluice.config.crd.kube.KubeEndpoints;
import dev.sluice.config.crd.kube.KubeNode;
import dev.sluice.config.crd.kube.KubePod;
import dev.sluice.config.crd.kube.KubeSecret;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeWorkload;
import dev.sluice.config.crd.mesh.IstioOperator;
import dev.sluice.config.crd.schema.Binder;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Dialect;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which kinds there are, what becomes of each, and the record that a kind is read into. */
final class KindTable {
    private static final String NETWORKING = "networking.istio.io";
    private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata", "status");
    private static final Map<String, Entry> READ = new HashMap<>();

    /** Kinds that would open access or change traffic if they were silently left out. */
    private static final Set<String> DANGEROUS =
            Set.of("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "EnvoyFilter", "WasmPlugin");

    /** Istio's groups of which every kind is dangerous in that sense, the old ones and those to come. */
    private static final Set<String> DANGEROUS_GROUPS =
            Set.of("security.istio.io", "extensions.istio.io", "rbac.istio.io", "authentication.istio.io");

    /** What Istio takes traffic settings from beside its own kinds, and does without here: what to write instead. */
    private static final Map<String, String> INSTEAD = Map.of(
            "gateway.networking.k8s.io",
            "the Gateway API is not served; write a Gateway and a VirtualService of " + NETWORKING,
            "telemetry.istio.io",
            "Telemetry is not served; what is logged is MeshConfig's accessLogFile and accessLogFormat");

    /** Kinds of the networking group that do nothing for a proxy without a control plane. */
    private static final Set<String> HARMLESS = Set.of("WorkloadGroup", "ProxyConfig");

    static {
        List<String> served = List.of("v1", "v1beta1", "v1alpha3");
        spec("VirtualService", NETWORKING, served, VirtualService.class, Dialect.PROTO);
        spec("DestinationRule", NETWORKING, served, DestinationRule.class, Dialect.PROTO);
        spec("Gateway", NETWORKING, served, Gateway.class, Dialect.PROTO);
        spec("ServiceEntry", NETWORKING, served, ServiceEntry.class, Dialect.PROTO);
        spec("Sidecar", NETWORKING, served, Sidecar.class, Dialect.PROTO);
        add(
                "WorkloadEntry",
                NETWORKING,
                served,
                Dialect.PROTO,
                true,
                (binder, node, metadata) ->
                        new WorkloadEntry(node, metadata, binder.bind(WorkloadEntry.Spec.class, node)));
        spec("IstioOperator", "install.istio.io", List.of("v1alpha1"), IstioOperator.class, Dialect.PROTO);
        spec("Service", "", List.of("v1"), KubeService.class, Dialect.KUBERNETES);
        document("Secret", "", List.of("v1"), KubeSecret.class);
        document("Pod", "", List.of("v1"), KubePod.class);
        document("Node", "", List.of("v1"), KubeNode.class);
        document("EndpointSlice", "discovery.k8s.io", List.of("v1"), KubeEndpointSlice.class);
        document("Endpoints", "", List.of("v1"), KubeEndpoints.class);
        for (String workload : List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")) {
            document(workload, "apps", List.of("v1"), KubeWorkload.class);
        }
        for (String workload : List.of("Job", "CronJob")) {
            document(workload, "batch", List.of("v1"), KubeWorkload.class);
        }
    }

    private KindTable() {}

    /** Makes the record of a kind. */
    @FunctionalInterface
    interface Maker {
        /** The record of the mapping that holds the object's fields. */
        CrdObject make(Binder binder, MapNode node, Metadata metadata);
    }

    /**
     * A kind that is read.
     *
     * @param inSpec whether its fields are under {@code spec}; else they are the document's own
     */
    record Entry(String kind, String group, List<String> versions, Dialect dialect, boolean inSpec, Maker maker) {
        /** Whether a name is needed: an IstioOperator is a file rather than an object. */
        boolean named() {
            return !kind.equals("IstioOperator");
        }
    }

    /** What becomes of a document. */
    sealed interface Verdict permits Read, Passed, Refused, Wrong {}

    /** It becomes a record. */
    record Read(Entry entry) implements Verdict {}

    /**
     * It has no part in Sluice's work.
     *
     * @param instead why not, and what to write for it, where Istio would have done something with it; else null
     */
    record Passed(@Nullable String instead) implements Verdict {}

    /** Leaving it out would be dangerous. */
    record Refused() implements Verdict {}

    /**
     * It is nothing that Istio knows.
     *
     * @param aboutKind whether the kind is wrong; else the apiVersion is
     */
    record Wrong(boolean aboutKind, String message) implements Verdict {}

    /** What becomes of a document of this apiVersion and kind. */
    static Verdict classify(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        Entry entry = READ.get(kind);
        if (entry != null && entry.group().equals(group)) {
            if (entry.versions().contains(version)) {
                return new Read(entry);
            }
            return entry.dialect() == Dialect.PROTO
                    ? new Wrong(
                            false,
                            "apiVersion " + Quote.of(apiVersion) + " is not served for " + kind + "; use "
                                    + alternatives(entry))
                    : new Passed(null);
        }
        if (DANGEROUS_GROUPS.contains(group) || (group.equals(NETWORKING) && DANGEROUS.contains(kind))) {
            return new Refused();
        }
        if (group.equals(NETWORKING)) {
            return HARMLESS.contains(kind) ? new Passed(null) : unknownKind(kind);
        }
        return misspeltGroup(apiVersion, group, kind, entry);
    }

    /** Another project's kind of the same name, or Istio's with a slip in the apiVersion: the second must not pass. */
    private static Verdict misspeltGroup(String apiVersion, String group, String kind, @Nullable Entry entry) {
        boolean istios = (entry != null && entry.dialect() == Dialect.PROTO) || DANGEROUS.contains(kind);
        if (!istios) {
            return new Passed(INSTEAD.get(group));
        }
        String right = entry != null ? entry.group() : kind.equals("EnvoyFilter") ? NETWORKING : "security.istio.io";
        boolean slip =
                group.isEmpty() || group.endsWith("istio.io") || NearestName.among(List.of(right), group) != null;
        if (!slip) {
            return new Passed(INSTEAD.get(group));
        }
        return new Wrong(
                false,
                "apiVersion " + Quote.of(apiVersion) + " has no " + kind
                        + (entry == null ? "; it is of group " + right : "; use " + alternatives(entry)));
    }

    private static Verdict unknownKind(String kind) {
        List<String> names = new ArrayList<>(HARMLESS);
        names.addAll(DANGEROUS);
        for (Entry entry : READ.values()) {
            if (entry.group().equals(NETWORKING)) {
                names.add(entry.kind());
            }
        }
        String near = NearestName.among(names, kind);
        return new Wrong(
                true,
                "unknown kind " + Quote.of(kind) + " of " + NETWORKING
                        + (near == null ? "" : "; did you mean " + near + "?"));
    }

    private static String alternatives(Entry entry) {
        List<String> full = new ArrayList<>();
        for (String version : entry.versions()) {
            full.add(entry.group() + "/" + version);
        }
        return String.join(" or ", full);
    }

    private static <T extends Record & CrdObject> void spec(
            String kind, String group, List<String> versions, Class<T> type, Dialect dialect) {
        add(
                kind,
                group,
                versions,
                dialect,
                true,
                (binder, node, metadata) -> binder.bind(type, node, metadata, Set.of()));
    }

    private static <T extends Record & CrdObject> void document(
            String kind, String group, List<String> versions, Class<T> type) {
        add(
                kind,
                group,
                versions,
                Dialect.KUBERNETES,
                false,
                (binder, node, metadata) -> binder.bind(type, node, metadata, ENVELOPE));
    }

    private static void add(
            String kind, String group, List<String> versions, Dialect dialect, boolean inSpec, Maker maker) {
        READ.put(kind, new Entry(kind, group, versions, dialect, inSpec, maker));
    }
}
