package dev.sluice.proxy.assembly;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.SimulatedConnection;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** A connection of a real pool: hands each stream to the script. */
final class PlayedConnection extends SimulatedConnection<PlayedTry> {
    private static final int HTTP2_STREAMS = 100;

    private final SocketAddress address;
    private final Consumer<PlayedTry> server;

    PlayedConnection(EventLoop loop, SocketAddress address, HttpVersion version, Consumer<PlayedTry> server) {
        super(loop, version, version == HttpVersion.HTTP_2 ? HTTP2_STREAMS : 1);
        this.address = address;
        this.server = server;
    }

    boolean isOpen() {
        return !closed;
    }

    /** The request of {@code stream} has begun. */
    void begun(PlayedTry stream) {
        server.accept(stream);
    }

    @Override
    protected PlayedTry stream(ResponseReader reader) {
        return new PlayedTry((Attempt) reader, this);
    }

    @Override
    protected void lose(PlayedTry stream, ProxyError error) {
        stream.lose(error);
    }

    @Override
    public SocketAddress remoteAddress() {
        return address;
    }
}
