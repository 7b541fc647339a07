package dev.sluice.proxy.balance.hash;

import dev.sluice.proxy.exchange.KeyedRequest;

/** The client's address, behind the proxies that are believed, without its port, in the text form of RFC 5952 for IPv6. */
final class SourceIpKey implements KeySource {
    @Override
    public void read(KeyedRequest asked) {
        String address = asked.clientHost();
        if (address != null) {
            asked.addHashKey(WireHash.of(address));
        }
    }
}
