package dev.sluice.proxy.upstream;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.HttpVersion;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Puts the client side of a protocol onto a connected channel. */
@FunctionalInterface
public interface ClientCodec {
    /**
     * Called on the channel's event loop once it is connected.
     *
     * @param version HTTP_1_1 or HTTP_2
     * @param tls that is done on the channel; null for clear text
     */
    ClientConnection install(Channel channel, HttpVersion version, @Nullable ConnectionTls tls);
}
