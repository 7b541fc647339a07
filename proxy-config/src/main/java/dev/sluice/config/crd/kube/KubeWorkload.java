package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Deployment or another kind that makes pods: read for the labels that its pods will carry. */
public record KubeWorkload(MapNode at, Metadata metadata, String kind, @Nullable WorkloadSpec spec)
        implements CrdObject {
    static Rules rules() {
        return new Rules().open();
    }

    @Override
    public String root() {
        return "";
    }

    /** The labels of its pods; empty where the template gives none. */
    public Map<String, String> podLabels() {
        PodTemplate template = template();
        return template == null || template.metadata() == null
                ? Map.of()
                : template.metadata().labels();
    }

    /** The service account of its pods, or null. */
    public @Nullable String serviceAccount() {
        PodTemplate template = template();
        return template == null || template.spec() == null
                ? null
                : template.spec().serviceAccountName();
    }

    private @Nullable PodTemplate template() {
        if (spec == null) {
            return null;
        }
        JobTemplate job = spec.jobTemplate();
        return job != null && job.spec() != null ? job.spec().template() : spec.template();
    }

    /** What is read of any of these kinds; {@code jobTemplate} is a CronJob's. */
    public record WorkloadSpec(
            MapNode at, @Nullable Integer replicas, @Nullable PodTemplate template, @Nullable JobTemplate jobTemplate) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** A CronJob's level between. */
    public record JobTemplate(MapNode at, @Nullable WorkloadSpec spec) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** A pod that is to be. */
    public record PodTemplate(MapNode at, @Nullable TemplateMetadata metadata, KubePod.@Nullable PodSpec spec) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** Its labels. */
    public record TemplateMetadata(MapNode at, Map<String, String> labels, Map<String, String> annotations) {
        static Rules rules() {
            return new Rules().open();
        }
    }
}
