package dev.sluice.proxy.balance.hash;

import dev.sluice.proxy.exchange.Exchange;

/** The client's address without its port, in the text form of RFC 5952 for IPv6. */
final class SourceIpKey implements KeySource {
    @Override
    public void read(Exchange exchange) {
        String address = exchange.downstream().connection().remoteHost();
        if (address != null) {
            exchange.addHashKey(WireHash.of(address));
        }
    }
}
