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
import java.util.function.Predicate;
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
     * The rules that a client's request to a host goes by: those of its own namespace (of the root namespace those for
     * itself alone), else of the service's, else of the root namespace; there, of the most specific host.
     */
    private List<DestinationRule> lookup(String client, String host, String serviceNamespace) {
        Predicate<DestinationRule> own =
                rule -> !client.equals(root) || scopes(rule).equals(Set.of(root));
        List<DestinationRule> found = in(client, host, own);
        Predicate<DestinationRule> exported = rule -> Scopes.contains(scopes(rule), client);
        if (found.isEmpty()) {
            found = in(serviceNamespace, host, exported);
        }
        return inForce(found.isEmpty() ? in(root, host, exported) : found);
    }

    /** Of rules without a selector the last, and those that are exported alike and so merge with it. */
    private List<DestinationRule> inForce(List<DestinationRule> rules) {
        Set<String> last = Set.of();
        for (DestinationRule rule : rules) {
            last = rule.workloadSelector() == null ? scopes(rule) : last;
        }
        List<DestinationRule> inForce = new ArrayList<>();
        for (DestinationRule rule : rules) {
            if (rule.workloadSelector() != null || scopes(rule).equals(last)) {
                inForce.add(rule);
            }
        }
        return inForce;
    }

    /** The rules of the most specific host of which {@code seen} takes some. */
    private List<DestinationRule> in(String namespace, String host, Predicate<DestinationRule> seen) {
        List<DestinationRule> found = new ArrayList<>();
        HostIndex<DestinationRule> rules = byNamespace.get(namespace);
        if (rules != null) {
            String[] most = new String[1];
            rules.forEachCovering(host, (name, rule) -> {
                if ((most[0] == null || most[0].equals(name)) && seen.test(rule)) {
                    most[0] = name;
                    found.add(rule);
                }
            });
        }
        return found;
    }

    /** Who sees a rule; one for some workloads is its namespace's own. */
    private Set<String> scopes(DestinationRule rule) {
        String own = rule.metadata().namespace();
        return rule.workloadSelector() == null
                ? Scopes.of(rule.exportTo(), mesh.defaultDestinationRuleExportTo(), own)
                : Set.of(own);
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
