package dev.sluice.proxy.telemetry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Istio's metrics say of a workload, derived from its labels as Istio does.
 *
 * @param workload name of its Deployment or the like
 * @param namespace where it runs
 * @param app label {@code app}
 * @param version label {@code version}
 * @param canonicalService by which Kiali groups
 * @param canonicalRevision of the canonical service
 */
public record WorkloadLabels(
        String workload,
        String namespace,
        String app,
        String version,
        String canonicalService,
        String canonicalRevision) {
    /** Istio's word for what is not known. */
    public static final String NOT_KNOWN = "unknown";

    /** A workload nothing is known of. */
    public static final WorkloadLabels UNKNOWN =
            new WorkloadLabels(NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN);

    private static final String WORKLOAD_NAME = "service.istio.io/workload-name";

    /**
     * Derives them.
     *
     * @param namespace {@link #NOT_KNOWN} where it is not
     */
    public static WorkloadLabels of(Map<String, String> labels, String namespace) {
        String workload = labels.getOrDefault(WORKLOAD_NAME, NOT_KNOWN);
        String service =
                first(labels, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app", WORKLOAD_NAME);
        String revision = first(labels, "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");
        return new WorkloadLabels(
                workload,
                namespace,
                labels.getOrDefault("app", NOT_KNOWN),
                labels.getOrDefault("version", NOT_KNOWN),
                service == null ? NOT_KNOWN : service,
                revision != null ? revision : service == null ? NOT_KNOWN : "latest");
    }

    private static @Nullable String first(Map<String, String> labels, String... names) {
        for (String name : names) {
            String value = labels.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
