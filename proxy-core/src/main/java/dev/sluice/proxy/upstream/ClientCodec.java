package dev.sluice.proxy.upstream;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.HttpVersion;
import io.netty.channel.Channel;

/** Puts the client side of a protocol onto a connected channel. */
@FunctionalInterface
public interface ClientCodec {
    /** Called on the channel's event loop once it is connected. {@code version} is HTTP_1_1 or HTTP_2. */
    ClientConnection install(Channel channel, HttpVersion version);
}
