package dev.sluice.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.KeepAlivePlan;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.log.LogTarget;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.Origin;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.tls.ClientTls.Speech;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ConnectorIT {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void connectsOnTheGivenLoopWithTheOptionsOfTheProxy(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        ServerSocket server = listen(50);
        LimitsPlan limits = Plans.cluster()
                .keepAlive(new KeepAlivePlan(3, Duration.ofSeconds(70), Duration.ofSeconds(7)))
                .limits();

        Connected connected = connect(transport, address(server), HttpVersion.HTTP_2, limits);

        assertNull(connected.error);
        Channel channel = connected.channel;
        assertNotNull(channel);
        assertTrue(channel.isActive());
        assertSame(HttpVersion.HTTP_2, connected.version);
        assertTrue(connected.onLoop);
        assertEquals(transport.kind(), kind);
        ChannelConfig config = channel.config();
        assertFalse(config.isAutoRead(), "nothing is read before somebody asks for it");
        assertTrue(config.getOption(ChannelOption.TCP_NODELAY));
        assertTrue(config.getOption(ChannelOption.ALLOW_HALF_CLOSURE));
        assertTrue(config.getOption(ChannelOption.SO_KEEPALIVE));
        assertEquals(32 * 1024, config.getWriteBufferLowWaterMark());
        assertEquals(64 * 1024, config.getWriteBufferHighWaterMark());
        assertEquals(70, idleSeconds(kind, config));
        assertEquals(
                List.of(),
                channel.pipeline().names().subList(0, channel.pipeline().names().size() - 1));
    }

    @Test
    void keepaliveIsOffUnlessItIsConfigured() throws Exception {
        Transport transport = start(Transport.Kind.AUTO);
        Connected connected = connect(
                transport,
                address(listen(50)),
                HttpVersion.HTTP_1_1,
                Plans.cluster().limits());
        assertNotNull(connected.channel);
        assertFalse(connected.channel.config().getOption(ChannelOption.SO_KEEPALIVE));
    }

    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void aRefusedConnectWasNotProcessed(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        ServerSocket server = listen(1);
        InetSocketAddress nobody = address(server);
        server.close();
        Connected refused =
                connect(transport, nobody, HttpVersion.HTTP_1_1, Plans.cluster().limits());
        assertEquals(
                ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "delayed connect error: Connection refused"),
                refused.error);
        assertTrue(refused.onLoop);
    }

    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void aConnectThatNobodyAnswersEndsAtItsTimeout(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        InetSocketAddress full = addressOfAFullBacklog();
        LimitsPlan limits =
                Plans.cluster().connectTimeout(Duration.ofMillis(300)).limits();
        long start = System.nanoTime();
        Connected timedOut = connect(transport, full, HttpVersion.HTTP_1_1, limits);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertEquals(ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, ""), timedOut.error);
        assertTrue(millis >= 290, "after " + millis + " ms");
    }

    /** Between the two epoll would tell of a socket that hung up. */
    @ParameterizedTest
    @EnumSource(
            value = Transport.Kind.class,
            mode = Mode.EXCLUDE,
            names = {"AUTO", "IO_URING"})
    void aSocketIsConnectingBeforeItsLoopLooksAtItAgain(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        ServerSocket server = listen(1);
        server.setSoTimeout(10_000);
        EventLoop loop = transport.group().next();
        loop.submit(() -> {
                    dial(transport, loop, address(server), new CompletableFuture<>());
                    server.accept().close();
                    return null;
                })
                .get(60, TimeUnit.SECONDS);
    }

    /** At a Unix domain socket the system answers at once; but who asked has no channel before dial returns. */
    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void theOutcomeIsToldInALaterTurn(Transport.Kind kind, @TempDir Path folder) throws Exception {
        Transport transport = start(kind);
        UnixAddress nobody = new UnixAddress(folder.resolve("nobody.sock").toString());
        EventLoop loop = transport.group().next();
        CompletableFuture<ProxyError> failed = new CompletableFuture<>();
        boolean atOnce = loop.submit(() -> {
                    Channel unused = dial(transport, loop, nobody, failed);
                    return failed.isDone();
                })
                .get(60, TimeUnit.SECONDS);
        assertFalse(atOnce);
        failed.get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void aConnectThatFailsHoldsNoSocket(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        ServerSocket server = listen(1);
        InetSocketAddress nobody = address(server);
        server.close();
        EventLoop loop = transport.group().next();
        CompletableFuture<ProxyError> failed = new CompletableFuture<>();
        Channel channel =
                loop.submit(() -> dial(transport, loop, nobody, failed)).get(60, TimeUnit.SECONDS);
        failed.get(60, TimeUnit.SECONDS);
        Awaitility.await().until(() -> !channel.isOpen());
    }

    /** A client of bytes that leaves while its upstream is connected ends that connect: it happens all day long. */
    @ParameterizedTest
    @EnumSource(value = Transport.Kind.class, mode = Mode.EXCLUDE, names = "AUTO")
    void aConnectThatIsGivenUpFailsAndWarnsOfNothing(Transport.Kind kind) throws Exception {
        Transport transport = start(kind);
        InetSocketAddress full = addressOfAFullBacklog();
        List<String> warnings = new CopyOnWriteArrayList<>();
        open.add(() -> Logs.sendTo(null));
        Logs.sendTo(new Warnings(warnings));

        ProxyError error = giveUp(transport, full);

        assertEquals(ErrorCode.CONNECT_FAILED, error.code());
        assertEquals(Origin.PROXY, error.origin(), "the endpoint is not to blame");
        assertEquals(List.of(), warnings);
    }

    @Test
    void anAddressThatWouldHaveToBeLookedUpFails() throws Exception {
        Transport transport = start(Transport.Kind.AUTO);
        Connected failed = connect(
                transport,
                InetSocketAddress.createUnresolved("localhost", 80),
                HttpVersion.HTTP_1_1,
                Plans.cluster().limits());
        assertNotNull(failed.error);
        assertEquals(ErrorCode.CONNECT_FAILED, failed.error.code());
        assertEquals(RetryVerdict.NOT_PROCESSED, failed.error.retry());
    }

    /** Where no file descriptor is left Netty has no channel, and tells so on a thread that is no event loop of ours. */
    @Test
    void aChannelThatCannotBeMadeIsToldOnTheLoopAndNotBlamedOnTheEndpoint() throws Exception {
        Transport nio = start(Transport.Kind.NIO);
        Transport broken =
                new Transport(nio.kind(), nio.group(), nio.server(), Unmakeable.class, nio.datagram(), nio.watchdog());
        Connected failed = connect(
                broken,
                address(listen(50)),
                HttpVersion.HTTP_1_1,
                Plans.cluster().limits());
        assertNotNull(failed.error);
        assertEquals(ErrorCode.CONNECT_FAILED, failed.error.code());
        assertEquals(Origin.PROXY, failed.error.origin());
        assertEquals(RetryVerdict.NOT_PROCESSED, failed.error.retry());
        assertTrue(failed.onLoop);
    }

    @Test
    void aCodecThatCannotBeInstalledIsAFailureAndClosesTheChannel() throws Exception {
        Transport transport = start(Transport.Kind.AUTO);
        CompletableFuture<Channel> channel = new CompletableFuture<>();
        ClientCodec broken = (connected, version, tls) -> {
            channel.complete(connected);
            throw new IllegalStateException("a codec of this test fails on purpose");
        };
        Connected failed = connect(
                transport,
                broken,
                address(listen(50)),
                HttpVersion.HTTP_1_1,
                Plans.cluster().limits());
        assertNotNull(failed.error);
        assertEquals(Origin.PROXY, failed.error.origin());
        Channel opened = channel.get(60, TimeUnit.SECONDS);
        Awaitility.await().until(() -> !opened.isOpen());
    }

    // ---- what the tests stand on

    private Transport start(Transport.Kind kind) {
        Transport transport = Transport.start(kind, 1);
        open.add(() ->
                transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS));
        assumeTrue(kind == Transport.Kind.AUTO || transport.kind() == kind, kind + " does not load here");
        return transport;
    }

    private ServerSocket listen(int backlog) throws IOException {
        ServerSocket server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        open.add(server);
        return server;
    }

    private static InetSocketAddress address(ServerSocket server) {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Nobody accepts, so the kernel keeps backlog + 1 connections and lets further SYNs go unanswered. */
    private InetSocketAddress addressOfAFullBacklog() throws IOException {
        InetSocketAddress address = address(listen(1));
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SocketChannel client = SocketChannel.open();
            open.add(client);
            client.configureBlocking(false);
            client.connect(address);
            clients.add(client);
        }
        Awaitility.await()
                .until(() -> clients.get(0).finishConnect() && clients.get(1).finishConnect());
        return address;
    }

    private static int idleSeconds(Transport.Kind kind, ChannelConfig config) {
        return switch (kind) {
            case EPOLL -> config.getOption(EpollChannelOption.TCP_KEEPIDLE);
            case IO_URING -> config.getOption(IoUringChannelOption.TCP_KEEPIDLE);
            case NIO, AUTO -> config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE));
        };
    }

    private static Connected connect(
            Transport transport, InetSocketAddress address, HttpVersion version, LimitsPlan limits) throws Exception {
        return connect(transport, (channel, spoken, tls) -> new Stub(channel, spoken), address, version, limits);
    }

    private static Connected connect(
            Transport transport, ClientCodec codec, InetSocketAddress address, HttpVersion version, LimitsPlan limits)
            throws Exception {
        EventLoop loop = transport.group().next();
        CompletableFuture<Connected> result = new CompletableFuture<>();
        Connector connector = new Connector(transport, new TlsRegistry(null, TlsProvider::best), codec);
        loop.execute(() -> connector.connect(loop, address, version, Reach.plain(limits), new Connector.Outcome() {
            @Override
            public void connected(ClientConnection connection) {
                Stub stub = (Stub) connection;
                result.complete(new Connected(stub.channel, stub.version(), null, loop.inEventLoop()));
            }

            @Override
            public void failed(ProxyError error) {
                result.complete(new Connected(null, null, error, loop.inEventLoop()));
            }
        }));
        return result.get(60, TimeUnit.SECONDS);
    }

    private static ProxyError giveUp(Transport transport, InetSocketAddress address) throws Exception {
        EventLoop loop = transport.group().next();
        CompletableFuture<ProxyError> failed = new CompletableFuture<>();
        loop.execute(() -> {
            ChannelFuture unused = dial(transport, loop, address, failed).close();
        });
        return failed.get(60, TimeUnit.SECONDS);
    }

    private static Channel dial(
            Transport transport, EventLoop loop, SocketAddress address, CompletableFuture<ProxyError> failed) {
        Dialer dialer = new Dialer(transport, new TlsRegistry(null, TlsProvider::best), any -> false);
        Reach reach = Reach.plain(Plans.cluster().limits());
        return dialer.dial(loop, address, reach, Speech.TCP, new Dialer.Outcome() {
            @Override
            public void connected(Channel channel, @Nullable ConnectionTls tls) {
                ChannelFuture unused = channel.close();
            }

            @Override
            public void failed(ProxyError error) {
                failed.complete(error);
            }
        });
    }

    /** Keeps what the connects of this package warn of. */
    private record Warnings(List<String> lines) implements LogTarget {
        @Override
        public boolean takes(String logger, Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && logger.equals(Dialer.class.getName());
        }

        @Override
        public void write(String logger, Level level, @Nullable String message, @Nullable Throwable thrown) {
            lines.add(String.valueOf(message));
        }
    }

    private record Connected(
            @Nullable Channel channel, @Nullable HttpVersion version, @Nullable ProxyError error, boolean onLoop) {}

    /** A channel class as it behaves when the process has too many open files. */
    public static final class Unmakeable extends NioSocketChannel {
        public Unmakeable() throws IOException {
            throw new IOException("Too many open files");
        }
    }

    private record Stub(Channel channel, HttpVersion version) implements IdleConnection {}
}
