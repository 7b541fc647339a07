package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import org.jspecify.annotations.Nullable;

/**
 * {@code install.istio.io/v1alpha1} IstioOperator: read for its {@code meshConfig}; the rest is kept as written for the
 * commands that make manifests.
 */
public record IstioOperator(
        MapNode at,
        Metadata metadata,
        @Nullable String profile,
        @Nullable Node hub,
        @Nullable Node tag,
        @Nullable Node namespace,
        @Nullable Node revision,
        @Nullable MeshConfig meshConfig,
        @Nullable Node components,
        @Nullable Node values)
        implements CrdObject {
    static Rules rules() {
        return new Rules()
                .alsoKnown(
                        "addonComponents",
                        "compatibilityVersion",
                        "defaultRevision",
                        "installPackagePath",
                        "unvalidatedValues");
    }

    @Override
    public String kind() {
        return "IstioOperator";
    }
}
