package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Open;
import dev.sluice.config.crd.tree.MapNode;
import org.jspecify.annotations.Nullable;

/** Kubernetes' Pod: read for its labels, which are its endpoint's. */
@Open
public record KubePod(MapNode at, Metadata metadata, @Nullable PodSpec spec, @Nullable PodStatus status)
        implements CrdObject {
    @Override
    public String kind() {
        return "Pod";
    }

    @Override
    public String root() {
        return "";
    }

    /** What is read of a pod's wishes. */
    @Open
    public record PodSpec(MapNode at, @Nullable String nodeName, @Nullable String serviceAccountName) {}

    /** What is read of a pod's state. */
    @Open
    public record PodStatus(MapNode at, @Nullable String phase, @Nullable String podIP) {}
}
