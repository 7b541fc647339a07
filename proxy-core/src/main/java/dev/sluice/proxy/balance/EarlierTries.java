package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;

/**
 * What the earlier tries of a request say about the next one (spec/istio-fields.md §1.7, §12.3).
 *
 * @param endpoints that they went to, in order
 * @param avoid whether another endpoint is to be taken where there is one
 * @param elsewhere whether other priorities are to be taken after every second try (retryRemoteLocalities)
 */
public record EarlierTries(List<Endpoint> endpoints, boolean avoid, boolean elsewhere) {
    /** The first try. */
    public static final EarlierTries NONE = new EarlierTries(List.of(), false, false);

    boolean ruleOut(Endpoint endpoint) {
        return avoid && endpoints.contains(endpoint);
    }
}
