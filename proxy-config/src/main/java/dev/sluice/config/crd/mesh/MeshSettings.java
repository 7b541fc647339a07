package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.Binder;
import dev.sluice.config.crd.schema.Dialect;
import dev.sluice.config.crd.schema.TreeMerge;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Makes one MeshConfig of all that speak about it. */
public final class MeshSettings {
    private MeshSettings() {}

    /**
     * {@code --set} over {@code mesh.yaml} over the operators' {@code meshConfig}, of these the later over the earlier.
     * Each source was checked where it was read, so that laying them over one another has nothing left to say.
     *
     * @param operators in ascending precedence
     */
    public static MeshConfig merge(
            Collection<IstioOperator> operators, @Nullable MeshFile file, MeshOverrides overrides) {
        MapNode tree = new MapNode.Builder(new Location("", 0, 0)).build();
        for (IstioOperator operator : operators) {
            MeshConfig config = operator.meshConfig();
            if (config != null) {
                tree = TreeMerge.merge(MeshConfig.class, tree, config.at());
            }
        }
        if (file != null) {
            tree = TreeMerge.merge(MeshConfig.class, tree, file.at());
        }
        tree = TreeMerge.merge(MeshConfig.class, tree, overrides.tree());
        return new Binder(Dialect.PROTO, (at, path, message) -> {}).bind(MeshConfig.class, tree);
    }
}
