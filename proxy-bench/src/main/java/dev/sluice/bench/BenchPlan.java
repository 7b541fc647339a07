package dev.sluice.bench;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.config.source.ObjectCheck;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Plans from Istio's YAML, as the product makes them. */
public final class BenchPlan {
    private BenchPlan() {}

    /** Compiles objects of the namespace {@code default}. */
    public static ProxyPlan of(String yaml) throws IOException, MissingConfigException {
        LoadResult loaded = load(yaml);
        if (loaded.blocked()) {
            throw new IllegalStateException(loaded.findings().toString());
        }
        return PlanCompiler.compile(loaded.set(), ProxyIdentity.of("default")).plan();
    }

    private static LoadResult load(String yaml) throws IOException, MissingConfigException {
        Path file = Files.createTempFile("sluice-bench", ".yaml");
        try {
            Files.writeString(file, yaml);
            return new ConfigLoader(List.of(file), new CrdReader(Set.of()), ObjectCheck.NONE, MeshOverrides.NONE)
                    .load();
        } finally {
            Files.delete(file);
        }
    }
}
