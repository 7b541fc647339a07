package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.upstream.Transport;
import dev.sluice.proxy.upstream.UnixChannels;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Binds Unix domain sockets. A socket that a dead process left behind gives way; one that somebody listens on does not, and
 * neither does a file that is none: the native transports would delete either. The file goes with its listener. Blocks;
 * configuration thread.
 */
final class UnixListener {
    /** stat(2): the type of a file, and that of a socket. */
    private static final int TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private UnixListener() {}

    /** Binds {@code bootstrap}, which lacks its channel, to the socket of {@code plan}. */
    static Channel bind(ServerBootstrap bootstrap, ListenerPlan plan, Transport.Kind kind) throws BindException {
        UnixAddress address = address(plan.bind());
        SocketAddress socket;
        try {
            socket = UnixChannels.address(address, kind);
            if (!address.isAbstract()) {
                makeWay(Path.of(address.path()));
            }
        } catch (IOException e) {
            throw new BindException(plan.bind(), e);
        }
        ChannelFuture done =
                bootstrap.channel(UnixChannels.of(kind).server()).bind(socket).awaitUninterruptibly();
        if (!done.isSuccess()) {
            throw new BindException(plan.bind(), done.cause());
        }
        try {
            permit(plan);
        } catch (BindException e) {
            done.channel().close().awaitUninterruptibly();
            throw e;
        }
        return done.channel();
    }

    /** Sets the permissions that {@code plan} wants, if it wants any. */
    static void permit(ListenerPlan plan) throws BindException {
        UnixAddress address = address(plan.bind());
        if (plan.socketMode() == ListenerPlan.DEFAULT_MODE || address.isAbstract()) {
            return;
        }
        try {
            Files.setAttribute(Path.of(address.path()), "unix:mode", plan.socketMode());
        } catch (IOException e) {
            throw new BindException(plan.bind(), e);
        }
    }

    private static UnixAddress address(BindAddress bind) {
        return new UnixAddress(Objects.requireNonNull(bind.host(), "a socket has a name"));
    }

    private static void makeWay(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE) != SOCKET) {
            throw new IOException("there is a file of that name, and it is no socket");
        }
        if (isListenedOn(file)) {
            throw new IOException("Address already in use");
        }
        Files.deleteIfExists(file);
    }

    /** Nobody is behind a socket that refuses; a busy one, or one that we may not connect to, is not ours to remove. */
    private static boolean isListenedOn(Path file) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A blocking connect would wait for ever for room in the backlog of one that does not accept.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(file));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }
}
