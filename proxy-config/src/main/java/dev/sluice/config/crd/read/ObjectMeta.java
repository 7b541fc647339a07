package dev.sluice.config.crd.read;

import dev.sluice.config.crd.schema.AlsoKnown;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' metadata as written. */
@AlsoKnown({
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
    "uid"
})
public record ObjectMeta(
        MapNode at,
        @Nullable String name,
        @Nullable String namespace,
        Map<String, String> labels,
        Map<String, String> annotations) {}
