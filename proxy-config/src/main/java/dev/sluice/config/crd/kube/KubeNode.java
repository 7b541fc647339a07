package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;

/** Kubernetes' Node: read for its labels, which say where its pods run. */
public record KubeNode(MapNode at, Metadata metadata) implements CrdObject {
    static Rules rules() {
        return new Rules().open();
    }

    @Override
    public String kind() {
        return "Node";
    }

    @Override
    public String root() {
        return "";
    }
}
