package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.policy.LimitsPlan.KeepAlivePlan;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** {@code tcpKeepalive} as socket options of a transport. */
record KeepAliveOptions(ChannelOption<Integer> probes, ChannelOption<Integer> idle, ChannelOption<Integer> interval) {
    private static KeepAliveOptions of(Transport.Kind kind) {
        return switch (kind) {
            case EPOLL ->
                new KeepAliveOptions(
                        EpollChannelOption.TCP_KEEPCNT,
                        EpollChannelOption.TCP_KEEPIDLE,
                        EpollChannelOption.TCP_KEEPINTVL);
            case IO_URING ->
                new KeepAliveOptions(
                        IoUringChannelOption.TCP_KEEPCNT,
                        IoUringChannelOption.TCP_KEEPIDLE,
                        IoUringChannelOption.TCP_KEEPINTVL);
            case NIO, AUTO ->
                new KeepAliveOptions(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT),
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL));
        };
    }

    /** Sets what {@code plan} sets; null leaves keepalive off, a null member is left to the operating system. */
    static void apply(Bootstrap bootstrap, Transport.Kind kind, @Nullable KeepAlivePlan plan) {
        if (plan == null) {
            return;
        }
        KeepAliveOptions options = of(kind);
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        if (plan.probes() != null) {
            bootstrap.option(options.probes, plan.probes());
        }
        if (plan.time() != null) {
            bootstrap.option(options.idle, seconds(plan.time()));
        }
        if (plan.interval() != null) {
            bootstrap.option(options.interval, seconds(plan.interval()));
        }
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toSeconds()));
    }
}
