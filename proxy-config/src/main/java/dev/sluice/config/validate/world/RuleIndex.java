package dev.sluice.config.validate.world;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.read.CrdSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DestinationRules by namespace and host, looked up as spec §2.1 says. */
public final class RuleIndex {
    /** Where Istio itself lives unless MeshConfig says otherwise. */
    private static final String ROOT = "istio-system";

    private final Map<String, HostIndex<DestinationRule>> byNamespace = new HashMap<>();
    private final Map<Question, Subsets> answers = new HashMap<>();
    private final MeshConfig mesh;
    private final String root;

    RuleIndex(CrdSet set) {
        mesh = set.mesh();
        root = mesh.rootNamespace() == null || mesh.rootNamespace().isEmpty() ? ROOT : mesh.rootNamespace();
        for (DestinationRule rule : set.destinationRules()) {
            String namespace = rule.metadata().namespace();
            if (rule.host() != null) {
                byNamespace
                        .computeIfAbsent(namespace, key -> new HostIndex<>())
                        .add(HostNames.expand(rule.host(), namespace), rule);
            }
        }
    }

    private record Question(String client, String host, String serviceNamespace) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question question
                    && client.equals(question.client)
                    && host.equals(question.host)
                    && serviceNamespace.equals(question.serviceNamespace);
        }

        @Override
        public int hashCode() {
            return (client.hashCode() * 31 + host.hashCode()) * 31 + serviceNamespace.hashCode();
        }
    }

    /**
     * The subsets that a client may name for a host.
     *
     * @param ruled whether there is a rule for the host at all
     */
    public record Subsets(boolean ruled, Set<String> names) {}

    /** The subsets that a client's requests to a host may go to. */
    public Subsets subsets(String client, String host, String serviceNamespace) {
        return answers.computeIfAbsent(new Question(client, host, serviceNamespace), question -> {
            List<DestinationRule> rules = lookup(client, host, serviceNamespace);
            return new Subsets(!rules.isEmpty(), names(rules));
        });
    }

    /**
     * The rules that a client's request to a host goes by: those of its own namespace, else of the service's, else of
     * the root namespace; there, of the most specific host.
     */
    private List<DestinationRule> lookup(String client, String host, String serviceNamespace) {
        if (!client.equals(root)) {
            List<DestinationRule> own = in(client, host);
            if (!own.isEmpty()) {
                return own;
            }
        }
        for (String namespace : List.of(serviceNamespace, root)) {
            List<DestinationRule> exported = new ArrayList<>();
            for (DestinationRule rule : in(namespace, host)) {
                Set<String> scopes = Scopes.of(rule.exportTo(), mesh.defaultDestinationRuleExportTo(), namespace);
                if (Scopes.contains(scopes, client)) {
                    exported.add(rule);
                }
            }
            if (!exported.isEmpty()) {
                return exported;
            }
        }
        return List.of();
    }

    private List<DestinationRule> in(String namespace, String host) {
        HostIndex<DestinationRule> rules = byNamespace.get(namespace);
        return rules == null ? List.of() : rules.mostSpecific(host);
    }

    private static Set<String> names(List<DestinationRule> rules) {
        Set<String> names = new LinkedHashSet<>();
        for (DestinationRule rule : rules) {
            for (DestinationRule.Subset subset : rule.subsets()) {
                if (subset.name() != null) {
                    names.add(subset.name());
                }
            }
        }
        return names;
    }
}
