package dev.sluice.config.translate;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.route.KnownRoutes;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one configuration after another for one proxy, and spares what did not change: the parts of a plan that are what
 * they were in the plan before are the very objects of that plan, so that who runs it can spare as much. What it makes is
 * what {@link PlanCompiler#compile} makes of the same set. For one thread at a time.
 */
public final class Recompiler {
    /** More changes than that are a change of everything. */
    private static final int FEW = 32;

    private final ProxyIdentity identity;
    private final KnownRoutes known = new KnownRoutes();
    private @Nullable Compiled last;

    public Recompiler(ProxyIdentity identity) {
        this.identity = identity;
    }

    /**
     * The plan of {@code set}.
     *
     * @param changed where {@code set} differs from the one before by nothing but some VirtualServices: those by the ones that
     *     they take the place of; null where more may differ
     * @param moved whether objects of {@code set} may be at other lines than they were
     */
    public Compiled compile(CrdSet set, @Nullable Map<VirtualService, VirtualService> changed, boolean moved) {
        Compiled before = last;
        last = null; // should this one fail
        // Places in a plan follow, but notices have told their lines.
        boolean stale = moved && before != null && !before.notices().isEmpty();
        Compiled compiled = before == null || changed == null || changed.size() > FEW || stale
                ? null
                : PlanCompiler.patch(before, set, changed, identity, known);
        if (compiled == null) {
            compiled = PlanCompiler.compile(set, identity, known);
        }
        last = compiled;
        return compiled;
    }

    /** Other records stand for the same VirtualServices from now on. */
    public void replace(Map<VirtualService, VirtualService> others) {
        known.replace(others);
    }
}
