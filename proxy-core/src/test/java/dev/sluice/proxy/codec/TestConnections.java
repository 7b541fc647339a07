package dev.sluice.proxy.codec;

import dev.sluice.proxy.stream.DownstreamConnection;
import java.net.InetSocketAddress;

/** Connections that tests say their streams came on. */
public final class TestConnections {
    public static final DownstreamConnection DOWNSTREAM =
            new ChannelConnection(new InetSocketAddress(1), new InetSocketAddress(2), false, null);

    private TestConnections() {}
}
