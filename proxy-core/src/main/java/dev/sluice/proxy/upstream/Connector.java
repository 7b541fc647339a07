package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.LimitsPlan;
import dev.sluice.config.plan.LimitsPlan.KeepAlivePlan;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;

/** Opens upstream connections. Immutable; shared by all event loops. */
public final class Connector {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final Transport transport;
    private final ClientCodec codec;

    /** Connects over {@code transport} and installs {@code codec}. */
    public Connector(Transport transport, ClientCodec codec) {
        this.transport = transport;
        this.codec = codec;
    }

    /** Told how a connect ended, on its event loop; exactly one of the two, once. */
    public interface Outcome {
        /** The connection is ready for streams. */
        void connected(ClientConnection connection);

        /** There is none; nothing was sent, so the verdict is NOT_PROCESSED. */
        void failed(ProxyError error);
    }

    /** Connects to {@code address} on {@code loop}, within {@code limits.connectTimeout()}. */
    public void connect(
            EventLoop loop, InetSocketAddress address, HttpVersion version, LimitsPlan limits, Outcome outcome) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.client())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(limits.connectTimeout()))
                .handler(new NoHandler());
        keepAlive(bootstrap, limits);
        bootstrap.connect(address).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                outcome.connected(codec.install(done.channel(), version));
            } else {
                outcome.failed(error(done.cause()));
            }
        });
    }

    private void keepAlive(Bootstrap bootstrap, LimitsPlan limits) {
        KeepAlivePlan plan = limits.keepAlive();
        if (plan == null) {
            return;
        }
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        if (transport.kind() != Transport.Kind.EPOLL) {
            return;
        }
        if (plan.probes() != null) {
            bootstrap.option(EpollChannelOption.TCP_KEEPCNT, plan.probes());
        }
        if (plan.time() != null) {
            bootstrap.option(EpollChannelOption.TCP_KEEPIDLE, seconds(plan.time()));
        }
        if (plan.interval() != null) {
            bootstrap.option(EpollChannelOption.TCP_KEEPINTVL, seconds(plan.interval()));
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.toSeconds());
    }

    private static ProxyError error(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, "");
        }
        // The address stays out of it: the text goes to the client, as Envoy's does.
        String reason = cause instanceof NoRouteToHostException
                ? "No route to host"
                : cause instanceof ConnectException ? "Connection refused" : "connect failed";
        return ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "delayed connect error: " + reason);
    }

    /** Until the codec is installed nothing is read, so nothing can arrive. */
    @ChannelHandler.Sharable
    private static final class NoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(io.netty.channel.ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            channel.pipeline().remove(this);
        }
    }
}
