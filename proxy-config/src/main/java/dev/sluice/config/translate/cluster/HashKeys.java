package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.LoadBalancerSettings.ConsistentHash;
import dev.sluice.config.crd.LoadBalancerSettings.CookieAttribute;
import dev.sluice.config.crd.LoadBalancerSettings.HttpCookie;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.translate.registry.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the keys of consistent hashes come from (spec §2.2 and §2.3): a route takes them from its destinations' rules. */
public final class HashKeys {
    private final DestinationRules rules;

    public HashKeys(DestinationRules rules) {
        this.rules = rules;
    }

    /**
     * The key for a destination.
     *
     * @param subset as the destination names it; null for none
     * @param explicitPort whether the destination names its port: only then the host's policy of that port counts
     */
    public HashPlan of(Service service, @Nullable String subset, int port, boolean explicitPort) {
        MergedRule rule = rules.of(service);
        if (rule == null) {
            return HashPlan.NONE;
        }
        MergedRule.Owned owned = subset == null ? null : rule.subsets().get(subset);
        ConsistentHash hash = LayeredPolicy.hashOf(rule, owned, port, explicitPort);
        HashPlan.Key key = hash == null ? null : key(hash);
        return key == null ? HashPlan.NONE : new HashPlan(List.of(key));
    }

    private static HashPlan.@Nullable Key key(ConsistentHash hash) {
        if (hash.httpHeaderName() != null) {
            return new HashPlan.Key.Header(hash.httpHeaderName().toLowerCase(Locale.ROOT));
        }
        if (hash.httpCookie() != null) {
            return cookie(hash.httpCookie());
        }
        if (hash.httpQueryParameterName() != null) {
            return new HashPlan.Key.QueryParameter(hash.httpQueryParameterName());
        }
        return Boolean.TRUE.equals(hash.useSourceIp()) ? new HashPlan.Key.SourceIp() : null;
    }

    private static HashPlan.@Nullable Key cookie(HttpCookie cookie) {
        if (cookie.name() == null) {
            return null;
        }
        List<String> attributes = new ArrayList<>();
        for (CookieAttribute attribute : cookie.attributes()) {
            String name = attribute.name();
            String value = attribute.value();
            if (name != null) {
                attributes.add(value == null || value.isEmpty() ? name : name + "=" + value);
            }
        }
        String path = cookie.path();
        return new HashPlan.Key.Cookie(
                cookie.name(), path == null || path.isEmpty() ? null : path, cookie.ttl(), attributes);
    }
}
