package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.Delegate;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.Scopes;
import dev.sluice.config.validate.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that hand on to another VirtualService: it must be there, have no hosts and be exported to the rule's namespace.
 * Else the rule takes no request, in silence (SLC0122).
 */
final class DelegateAnalysis {
    private final World world;
    private final List<String> delegates = new ArrayList<>();

    private DelegateAnalysis(World world) {
        this.world = world;
        for (VirtualService service : world.set().virtualServices()) {
            if (service.hosts().isEmpty()) {
                delegates.add(service.metadata().id());
            }
        }
    }

    static void run(World world) {
        DelegateAnalysis analysis = new DelegateAnalysis(world);
        for (VirtualService service : world.set().virtualServices()) {
            for (HttpRoute route : service.http()) {
                if (route.delegate() != null) {
                    analysis.check(service, route.delegate());
                }
            }
        }
    }

    private void check(VirtualService root, Delegate to) {
        String own = root.metadata().namespace();
        String namespace = to.namespaceFrom(own);
        String name = to.name() == null ? "" : to.name();
        String problem = problem(own, namespace, name);
        if (problem != null) {
            world.report(root)
                    .warning(
                            Codes.NO_DELEGATE,
                            Place.of(to.at(), "name"),
                            "the rule takes no request: delegate " + Quote.of(namespace + "/" + name) + problem);
        }
    }

    private @Nullable String problem(String own, String namespace, String name) {
        VirtualService found = world.set().find(VirtualService.class, namespace, name);
        if (found == null) {
            return " not found" + world.hints().didYouMean("delegate", delegates, namespace + "/" + name);
        }
        if (!found.hosts().isEmpty()) {
            return " has hosts of its own; a delegate has none";
        }
        List<String> otherwise = world.set().mesh().defaultVirtualServiceExportTo();
        return Scopes.contains(Scopes.of(found.exportTo(), otherwise, namespace), own)
                ? null
                : " is not exported to namespace " + own;
    }
}
