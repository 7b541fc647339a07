package dev.sluice.config.translate.route.delegate;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.Delegate;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.route.delegate.Rule.Dropped;
import dev.sluice.config.translate.scope.ExportTo;
import dev.sluice.config.translate.scope.Mesh;
import java.util.ArrayList;
import java.util.List;

/** The rules of a VirtualService in order, those of its delegates merged in where it hands on to them (spec §1.10). */
public final class Delegation {
    private final CrdSet set;
    private final Mesh mesh;
    private final String domain;

    /** @param domain of the cluster's services */
    public Delegation(CrdSet set, Mesh mesh, String domain) {
        this.set = set;
        this.mesh = mesh;
        this.domain = domain;
    }

    /** The rules of {@code service}. */
    public List<Rule> rules(VirtualService service) {
        List<Rule> rules = new ArrayList<>(service.http().size());
        for (int i = 0; i < service.http().size(); i++) {
            HttpRoute route = service.http().get(i);
            if (route.delegate() == null) {
                rules.add(new Rule(service, i, route, service, null));
            } else {
                delegated(service, i, route, route.delegate(), rules);
            }
        }
        return rules;
    }

    private void delegated(VirtualService root, int index, HttpRoute route, Delegate to, List<Rule> rules) {
        String rootNamespace = root.metadata().namespace();
        String name = to.name() == null ? "" : to.name();
        String namespace = to.namespaceFrom(rootNamespace);
        VirtualService delegate = set.find(VirtualService.class, namespace, name);
        if (delegate == null
                || !delegate.hosts().isEmpty()
                || !ExportTo.visible(delegate.exportTo(), mesh.virtualServiceExportTo(), namespace, rootNamespace)) {
            String reason = "no VirtualService " + namespace + "/" + name + " without hosts is exported to namespace "
                    + rootNamespace;
            rules.add(new Rule(
                    root,
                    index,
                    route,
                    root,
                    new Dropped("delegate", reason, to.at().ref())));
            return;
        }
        DelegateMerge merge = new DelegateMerge(route, rootNamespace, domain);
        String rootRule = "http[" + index + "] of " + root.metadata().id();
        for (int i = 0; i < delegate.http().size(); i++) {
            HttpRoute leaf = delegate.http().get(i);
            HttpRoute merged = merge.merge(leaf, namespace);
            Dropped dropped = null;
            if (leaf.delegate() != null) {
                dropped = new Dropped(
                        "delegate",
                        "a delegate cannot delegate again",
                        leaf.delegate().at().ref());
            } else if (merged == null) {
                String reason = "it does not fit into the match of " + rootRule + ", which delegates here";
                dropped = new Dropped("match", reason, leaf.at().ref());
            }
            rules.add(new Rule(delegate, i, merged == null ? leaf : merged, root, dropped));
        }
    }
}
