package dev.sluice.proxy.upstream;

import dev.sluice.proxy.stream.HttpVersion;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/** Opens upstream connections; {@link Connector} is the one over sockets. */
@FunctionalInterface
public interface ConnectionOpener {
    /**
     * Connects to {@code address} on {@code loop}, the calling thread's own, within {@code reach.limits().connectTimeout()}.
     *
     * @param version HTTP_1_1 or HTTP_2
     * @param outcome told exactly once, on {@code loop}, possibly before this returns
     */
    void connect(EventLoop loop, SocketAddress address, HttpVersion version, Reach reach, Connector.Outcome outcome);
}
