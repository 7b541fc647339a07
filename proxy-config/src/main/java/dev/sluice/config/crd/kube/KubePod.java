package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import org.jspecify.annotations.Nullable;

/** Kubernetes' Pod: read for its labels, which are its endpoint's. */
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
    public record PodSpec(MapNode at, @Nullable String nodeName, @Nullable String serviceAccountName) {
        static Rules rules() {
            return new Rules().open();
        }
    }

    /** What is read of a pod's state. */
    public record PodStatus(MapNode at, @Nullable String phase, @Nullable String podIP) {
        static Rules rules() {
            return new Rules().open();
        }
    }
}
