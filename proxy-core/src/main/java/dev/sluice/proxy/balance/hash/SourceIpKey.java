package dev.sluice.proxy.balance.hash;

import dev.sluice.proxy.exchange.KeyedRequest;
import dev.sluice.proxy.stream.DownstreamConnection;

/** The client's address without its port, in the text form of RFC 5952 for IPv6. */
final class SourceIpKey implements KeySource {
    @Override
    public void read(KeyedRequest asked) {
        DownstreamConnection connection = asked.connection();
        String address = connection == null ? null : connection.remoteHost();
        if (address != null) {
            asked.addHashKey(WireHash.of(address));
        }
    }
}
