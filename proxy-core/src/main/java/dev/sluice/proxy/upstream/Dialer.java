package dev.sluice.proxy.upstream;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.ReadSizes;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.Origin;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.tls.ClientTls.Speech;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.FileNotFoundException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connects sockets to upstreams; what is spoken on them is another's matter. Immutable; shared by all event loops. */
public final class Dialer {
    private static final Logger LOG = Logs.of(Dialer.class);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final Transport transport;
    private final TlsDialer tls;
    private final Predicate<InetSocketAddress> closedToBytes;
    /** For connections to the app; null for others. */
    private final @Nullable AsClient app;

    /**
     * Connects over {@code transport}.
     *
     * @param tls knows the TLS of every cluster that is reached by it
     * @param closedToBytes ports of this process that take no bytes of others: a request that was sent on bears a mark, by
     *     which they know it themselves
     */
    public Dialer(Transport transport, TlsRegistry tls, Predicate<InetSocketAddress> closedToBytes) {
        this(transport, new TlsDialer(tls), closedToBytes, null);
    }

    private Dialer(
            Transport transport, TlsDialer tls, Predicate<InetSocketAddress> closedToBytes, @Nullable AsClient app) {
        this.closedToBytes = closedToBytes;
        this.tls = tls;
        this.app = app;
        this.transport = transport;
    }

    /** The same for connections to the app beside this proxy, see {@link AppSide}. */
    Dialer towardsApp() {
        return new Dialer(transport, tls, closedToBytes, new AsClient());
    }

    /** Whether {@code address} is a port of this process's own that no bytes must be sent to. */
    public boolean isClosedToBytes(SocketAddress address) {
        return address instanceof InetSocketAddress inet && closedToBytes.test(inet);
    }

    /** Told how a connect ended, on its event loop and never before {@link #dial} returns; exactly one of the two, once. */
    public interface Outcome {
        /**
         * Connected: nothing is read before somebody asks for it.
         *
         * @param tls null in clear text
         */
        void connected(Channel channel, @Nullable ConnectionTls tls);

        /** There is no connection; nothing was sent, so the verdict is NOT_PROCESSED. */
        void failed(ProxyError error);
    }

    /**
     * Connects to {@code address} on {@code loop}, the calling thread's own, within {@code limits.connectTimeout()}, the
     * handshake of TLS included. Nothing is looked up: an unresolved address fails.
     *
     * @param speech what is to be spoken, for TLS
     * @return closing it gives up the connect, which then fails
     */
    @CanIgnoreReturnValue
    public Channel dial(EventLoop loop, SocketAddress address, Reach reach, Speech speech, Outcome outcome) {
        LimitsPlan limits = reach.limits();
        Outcome told = reach.tls() == null ? outcome : new Secured(reach, speech, outcome);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .disableResolver()
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, ReadSizes.ADAPTIVE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(limits.connectTimeout()))
                .handler(new NoHandler());
        ChannelFuture connect = address instanceof UnixAddress unix
                ? connect(bootstrap, unix)
                : connect(bootstrap, (InetSocketAddress) address, reach);
        if (connect.isDone()) {
            // In a turn of its own, as every other: who asked does not have the channel yet, and may give it up till
            // then.
            loop.execute(() -> finish(connect, reach, told));
            return connect.channel();
        }
        connect.addListener((ChannelFuture done) -> {
            if (loop.inEventLoop()) {
                finish(done, reach, told);
            } else {
                // No channel came about (no file descriptor left): Netty tells that on a thread of its own.
                loop.execute(() -> finish(done, reach, told));
            }
        });
        return connect.channel();
    }

    private ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress address, Reach reach) {
        bootstrap.channel(transport.client()).option(ChannelOption.TCP_NODELAY, true);
        KeepAliveOptions.apply(bootstrap, transport.kind(), reach.limits().keepAlive());
        if (app == null) {
            return connectNow(bootstrap, address);
        }
        InetAddress client = reach.client();
        ChannelFuture asClient = client == null ? null : app.connect(bootstrap, address, client);
        return asClient == null ? connectNow(bootstrap, AppSide.reach(bootstrap, address, transport.kind())) : asClient;
    }

    private ChannelFuture connect(Bootstrap bootstrap, UnixAddress address) {
        bootstrap.channel(UnixChannels.of(transport.kind()).client());
        try {
            return connectNow(bootstrap, UnixChannels.address(address, transport.kind()));
        } catch (SocketException e) {
            return refused(bootstrap, e);
        }
    }

    /**
     * Begins to connect before it returns. Netty's bootstrap does so in a task of its own, before which the event loop may look
     * at its sockets: epoll tells of one that is not connected yet as of one that hung up, and Netty reads from it.
     */
    private static ChannelFuture connectNow(Bootstrap bootstrap, SocketAddress address) {
        ChannelFuture registered = bootstrap.register();
        return registered.isSuccess()
                ? connectNow(registered.channel(), address, bootstrap.config().localAddress())
                : registered;
    }

    /**
     * Connects a registered channel, which is closed where that fails.
     *
     * @param from where from; null leaves it to the system, or to what the channel is bound to
     */
    static ChannelFuture connectNow(Channel registered, SocketAddress address, @Nullable SocketAddress from) {
        ChannelFuture connected = from == null ? registered.connect(address) : registered.connect(address, from);
        return connected.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** A connect that fails as if the system had refused it, so that there is one way to tell. */
    private static ChannelFuture refused(Bootstrap bootstrap, SocketException why) {
        ChannelFuture registered = bootstrap.clone().register();
        Channel channel = registered.channel();
        ChannelPromise failed = channel.newPromise();
        registered.addListener(done -> {
            ChannelFuture unused = channel.close();
            failed.tryFailure(why);
        });
        return failed;
    }

    /** Goes on to the handshake of TLS. */
    private final class Secured implements Outcome {
        private final Reach reach;
        private final Speech speech;
        private final Outcome outcome;
        private final long startNanos = System.nanoTime();

        Secured(Reach reach, Speech speech, Outcome outcome) {
            this.reach = reach;
            this.speech = speech;
            this.outcome = outcome;
        }

        @Override
        public void connected(Channel channel, @Nullable ConnectionTls none) {
            long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            tls.secure(channel, reach, speech, millis(reach.limits().connectTimeout()) - spent, outcome);
        }

        @Override
        public void failed(ProxyError error) {
            outcome.failed(error);
        }
    }

    private static void finish(ChannelFuture done, Reach reach, Outcome outcome) {
        if (done.isSuccess() && !done.channel().isOpen()) {
            outcome.failed(error(new ClosedChannelException()));
        } else if (done.isSuccess()) {
            ProxyHeader header = reach.header();
            if (header != null) {
                // Where that fails the connection is gone, which its user is told.
                ChannelFuture unused = done.channel().writeAndFlush(Unpooled.wrappedBuffer(header.bytes()));
            }
            outcome.connected(done.channel(), null);
        } else {
            outcome.failed(error(done.cause()));
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    private static ProxyError error(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, "");
        }
        if (cause instanceof FileNotFoundException) {
            // So the native transports tell of a Unix domain socket that is not there.
            return ProxyError.notProcessed(
                    ErrorCode.CONNECT_FAILED, "delayed connect error: No such file or directory");
        }
        if (cause instanceof ClosedChannelException) {
            // Given up by who asked for it, see dial: a client that went away is nothing to warn of.
            return local("local connection failure");
        }
        if (!(cause instanceof SocketException)) {
            LOG.log(Level.WARNING, "Cannot open a connection: {0}", cause.toString());
            return local("local connection failure");
        }
        // The address stays out of it: the text goes to the client, as Envoy's does.
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("timed out")) {
            return ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, "");
        }
        String reason = message.contains("refused")
                ? "Connection refused"
                : message.contains("no route")
                        ? "No route to host"
                        : message.contains("unreachable")
                                ? "Network is unreachable"
                                : message.contains("no such file") ? "No such file or directory" : "connect failed";
        return ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "delayed connect error: " + reason);
    }

    /** Not the endpoint's fault: it must not be ejected for it. */
    static ProxyError local(String detail) {
        return new ProxyError(ErrorCode.CONNECT_FAILED, Origin.PROXY, RetryVerdict.NOT_PROCESSED, detail);
    }

    /** Until something is put in its place nothing is read, so nothing can arrive. */
    private static final class NoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().remove(this);
        }
    }
}
