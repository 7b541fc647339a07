package dev.sluice.proxy.pool;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.ConnectionOpener;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.Reach;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Stands for sockets and codecs: notes connects and lets a test decide how they end. Thread of the test only. */
final class FakeUpstream implements ConnectionOpener {
    static final ProxyError REFUSED = ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "refused");

    /** Connects that were neither accepted nor refused yet, the oldest first. */
    final Deque<Connect> connects = new ArrayDeque<>();
    /** Every connection there ever was. */
    final List<FakeConnection> connections = new ArrayList<>();
    /** What a new HTTP/2 connection lets be open at once. */
    int peerMaxStreams = 100;

    record Connect(EventLoop loop, SocketAddress address, HttpVersion version, Connector.Outcome outcome) {}

    @Override
    public void connect(
            EventLoop loop, SocketAddress address, HttpVersion version, Reach reach, Connector.Outcome outcome) {
        connects.add(new Connect(loop, address, version, outcome));
    }

    FakeConnection accept() {
        return accept(connects.remove());
    }

    FakeConnection accept(Connect connect) {
        connects.remove(connect);
        int most = connect.version == HttpVersion.HTTP_2 ? peerMaxStreams : 1;
        FakeConnection connection = new FakeConnection(connect.loop, connect.version, most);
        connection.address = connect.address;
        connections.add(connection);
        connect.outcome.connected(connection);
        return connection;
    }

    void refuse() {
        connects.remove().outcome.failed(REFUSED);
    }

    List<FakeConnection> open() {
        return connections.stream().filter(connection -> !connection.closed).toList();
    }

    /** Connections to {@code address} that are open or about to be. */
    long inUse(SocketAddress address) {
        return open().stream()
                        .filter(connection -> address.equals(connection.address))
                        .count()
                + connects.stream()
                        .filter(connect -> connect.address.equals(address))
                        .count();
    }

    /** Connections that are open or about to be. */
    int inUse() {
        return open().size() + connects.size();
    }
}
