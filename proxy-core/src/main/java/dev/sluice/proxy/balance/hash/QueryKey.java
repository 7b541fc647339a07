package dev.sluice.proxy.balance.hash;

import dev.sluice.proxy.exchange.KeyedRequest;
import dev.sluice.proxy.match.QueryString;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.headers.WireText;

/** The first value of a query parameter, as sent: percent escapes are hashed, not decoded, as in Envoy. */
final class QueryKey implements KeySource {
    private final String name;

    /** @param name of the parameter, with case */
    QueryKey(String name) {
        this.name = WireText.of(name);
    }

    @Override
    public void read(KeyedRequest asked) {
        String path = asked.request().path();
        long found = QueryString.find(path, RequestField.endOfPath(path), name);
        if (found != QueryString.MISSING) {
            asked.addHashKey(WireHash.of(path, QueryString.from(found), QueryString.to(found), 0));
        }
    }
}
