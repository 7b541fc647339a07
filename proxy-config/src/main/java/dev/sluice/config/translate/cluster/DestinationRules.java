package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.DestinationRule.PolicySelector;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.scope.ExportTo;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which DestinationRule applies to a service (spec §2.1): the first that is found in the proxy's own namespace (whether
 * exported or not; of the root namespace's only those for itself alone, for the others are everybody's), in the service's,
 * in the root namespace; in each the exact host, else the most specific wildcard. A rule with a selector that takes this
 * proxy goes before one without; of several without, which are exported differently, the last holds, as in Istio.
 */
public final class DestinationRules {
    private final Map<String, HostIndex<Candidate>> byNamespace = new HashMap<>();
    private final HostIndex<Candidate> ofRootAlone = new HostIndex<>();
    private final ProxyIdentity identity;
    private final String rootNamespace;

    public DestinationRules(CrdSet set, ProxyIdentity identity, Mesh mesh) {
        this.identity = identity;
        this.rootNamespace = mesh.rootNamespace();
        for (DestinationRule rule : set.destinationRules()) {
            if (rule.host() != null && exists(rule, mesh)) {
                add(rule, HostNames.expand(rule.host(), rule.metadata().namespace(), identity.domain()), mesh);
            }
        }
    }

    /**
     * Rules of one namespace and host that merge: they have the same selector and are exported alike.
     *
     * @param selector empty for all proxies of the namespace; null for none
     */
    private record Candidate(@Nullable Map<String, String> selector, Set<String> exportTo, MergedRule rule) {}

    /** The rule of a service, or null; for one that is another name of a service and has none, that service's. */
    public @Nullable MergedRule of(Service service) {
        MergedRule own = of(service.namespace(), service.host(), true);
        Service named = service.standsFor();
        return own == null && named != null ? of(named.namespace(), named.host(), true) : own;
    }

    /** The rule of the app's own service for what is sent to it, or null: one with a selector does not count there. */
    @Nullable
    MergedRule inbound(String namespace, String host) {
        return of(namespace, host, false);
    }

    private @Nullable MergedRule of(String namespace, String host, boolean selected) {
        String own = identity.namespace();
        MergedRule found = find(own.equals(rootNamespace) ? ofRootAlone : byNamespace.get(own), host, selected);
        if (found == null) {
            found = find(byNamespace.get(namespace), host, selected);
        }
        return found == null ? find(byNamespace.get(rootNamespace), host, selected) : found;
    }

    private boolean exists(DestinationRule rule, Mesh mesh) {
        String namespace = rule.metadata().namespace();
        boolean own = namespace.equals(identity.namespace());
        Map<String, String> selector = selector(rule);
        if (selector != null) {
            return own && Labels.carry(identity.labels(), selector);
        }
        return (own && !namespace.equals(rootNamespace))
                || ExportTo.visible(rule.exportTo(), mesh.destinationRuleExportTo(), namespace, identity.namespace());
    }

    private void add(DestinationRule rule, String host, Mesh mesh) {
        String namespace = rule.metadata().namespace();
        HostIndex<Candidate> index = byNamespace.computeIfAbsent(namespace, key -> new HostIndex<>());
        Map<String, String> selector = selector(rule);
        // A rule for some workloads is its namespace's own, whatever it says.
        Set<String> exportTo = selector == null ? exportTo(rule, mesh) : Set.of(namespace);
        for (Candidate candidate : index.get(host)) {
            if (Objects.equals(candidate.selector(), selector)
                    && candidate.exportTo().equals(exportTo)) {
                candidate.rule().add(rule);
                return;
            }
        }
        Candidate candidate = new Candidate(selector, exportTo, new MergedRule(rule));
        index.add(host, candidate);
        if (namespace.equals(rootNamespace) && exportTo.equals(Set.of(rootNamespace))) {
            ofRootAlone.add(host, candidate);
        }
    }

    /**
     * @param index of one namespace; null where it has no rules
     * @param selected whether a rule with a selector counts, and goes first
     */
    private static @Nullable MergedRule find(@Nullable HostIndex<Candidate> index, String host, boolean selected) {
        List<Candidate> candidates = index == null ? List.of() : index.mostSpecific(host);
        MergedRule general = null;
        for (Candidate candidate : candidates) {
            if (candidate.selector() == null) {
                general = candidate.rule();
            } else if (selected) {
                return candidate.rule();
            }
        }
        return general;
    }

    private static @Nullable Map<String, String> selector(DestinationRule rule) {
        PolicySelector selector = rule.workloadSelector();
        return selector == null ? null : selector.matchLabels();
    }

    private static Set<String> exportTo(DestinationRule rule, Mesh mesh) {
        List<String> to = new ArrayList<>(rule.exportTo().isEmpty() ? mesh.destinationRuleExportTo() : rule.exportTo());
        to.replaceAll(namespace -> namespace.equals(".") ? rule.metadata().namespace() : namespace);
        return new HashSet<>(to);
    }
}
