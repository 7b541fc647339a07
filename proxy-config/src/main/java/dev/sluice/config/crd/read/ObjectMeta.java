package dev.sluice.config.crd.read;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' metadata as written. */
public record ObjectMeta(
        MapNode at,
        @Nullable String name,
        @Nullable String namespace,
        Map<String, String> labels,
        Map<String, String> annotations) {
    static Rules rules() {
        return new Rules()
                .alsoKnown(
                        "clusterName",
                        "creationTimestamp",
                        "deletionGracePeriodSeconds",
                        "deletionTimestamp",
                        "finalizers",
                        "generateName",
                        "generation",
                        "managedFields",
                        "ownerReferences",
                        "resourceVersion",
                        "selfLink",
                        "uid");
    }
}
