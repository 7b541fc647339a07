package dev.sluice.proxy.upstream;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseReader;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/** A connection for tests that never open a stream on it. */
interface IdleConnection extends ClientConnection {
    Channel channel();

    @Override
    default EventLoop loop() {
        return channel().eventLoop();
    }

    @Override
    default int openableStreams() {
        return 0;
    }

    @Override
    default int activeStreams() {
        return 0;
    }

    @Override
    default ClientStream open(ResponseReader reader) {
        throw new UnsupportedOperationException("takes no streams");
    }

    @Override
    default void drain() {
        throw new UnsupportedOperationException("has no pool");
    }

    @Override
    default void close(ProxyError error) {
        throw new UnsupportedOperationException("has no pool");
    }

    @Override
    default void listener(Listener listener) {
        throw new UnsupportedOperationException("has no pool");
    }

    @Override
    default SocketAddress localAddress() {
        return channel().localAddress();
    }

    @Override
    default SocketAddress remoteAddress() {
        return channel().remoteAddress();
    }
}
