package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.DestinationRule.Subset;
import dev.sluice.config.crd.TrafficPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the DestinationRules of one namespace say of one host, brought together (spec §2.1): subsets are united, of two
 * with one name the first counts; the policy of the host is that of the first rule that has one.
 */
final class MergedRule {
    private final DestinationRule first;
    private final Map<String, Owned> subsets = new LinkedHashMap<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private @Nullable TrafficPolicy policy;
    private DestinationRule policyOwner;

    MergedRule(DestinationRule first) {
        this.first = first;
        this.policyOwner = first;
        add(first);
    }

    /** A subset, and the rule that it is written in. */
    record Owned(Subset subset, DestinationRule owner) {}

    void add(DestinationRule rule) {
        for (Subset subset : rule.subsets()) {
            String name = subset.name();
            if (name != null) {
                subsets.putIfAbsent(name, new Owned(subset, rule));
            }
        }
        if (policy == null && rule.trafficPolicy() != null) {
            policy = rule.trafficPolicy();
            policyOwner = rule;
        }
        rule.metadata().annotations().forEach(annotations::putIfAbsent);
    }

    /** The first of the rules. */
    DestinationRule first() {
        return first;
    }

    /** The policy of the host; null when no rule has one. */
    @Nullable
    TrafficPolicy policy() {
        return policy;
    }

    /** The rule that {@link #policy()} is written in. */
    DestinationRule policyOwner() {
        return policyOwner;
    }

    /** Its subsets by name, in order. */
    Map<String, Owned> subsets() {
        return subsets;
    }

    /** The annotation of that name, of the first rule that has it; or null. */
    @Nullable
    String annotation(String key) {
        return annotations.get(key);
    }
}
