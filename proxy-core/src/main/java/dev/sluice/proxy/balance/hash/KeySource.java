package dev.sluice.proxy.balance.hash;

import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.proxy.exchange.KeyedRequest;

/** Reads one key of a request. Immutable; shared by all event loops. */
sealed interface KeySource permits CookieKey, HeaderKey, QueryKey, SourceIpKey {
    /** Adds the hash of the key to {@code asked}; nothing where the request has no such key. */
    void read(KeyedRequest asked);

    /** The source that {@code key} names. */
    static KeySource of(HashPlan.Key key) {
        if (key instanceof HashPlan.Key.Header header) {
            return new HeaderKey(header.name());
        }
        if (key instanceof HashPlan.Key.Cookie cookie) {
            return new CookieKey(cookie);
        }
        if (key instanceof HashPlan.Key.QueryParameter query) {
            return new QueryKey(query.name());
        }
        return new SourceIpKey();
    }
}
