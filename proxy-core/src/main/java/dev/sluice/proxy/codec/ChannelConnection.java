package dev.sluice.proxy.codec;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * {@link DownstreamConnection} of a channel. The addresses are read once, and the client's written out once: a closed channel no longer knows them, and the
 * access log still asks.
 */
public final class ChannelConnection implements DownstreamConnection {
    private static final AtomicLong IDS = new AtomicLong();

    private final SocketAddress remoteAddress;
    private final SocketAddress directRemoteAddress;
    private final SocketAddress localAddress;
    private final boolean tls;
    private final @Nullable ConnectionTls ended;
    private final @Nullable String serverName;
    private final @Nullable String certificate;
    private final @Nullable String remoteHost;
    private final @Nullable InetSocketAddress dialled;
    private final long id;

    /**
     * Describes an accepted connection and gives it the next number.
     *
     * @param remoteAddress the client, after PROXY protocol if any
     * @param serverName of the TLS handshake, ended here or not; null without TLS or SNI
     */
    public ChannelConnection(
            SocketAddress remoteAddress, SocketAddress localAddress, boolean tls, @Nullable String serverName) {
        this(remoteAddress, localAddress, tls, serverName, null);
    }

    /**
     * The same with the certificate that the client showed.
     *
     * @param certificate as x-forwarded-client-cert says it; null for none
     */
    public ChannelConnection(
            SocketAddress remoteAddress,
            SocketAddress localAddress,
            boolean tls,
            @Nullable String serverName,
            @Nullable String certificate) {
        this(remoteAddress, localAddress, tls, serverName, certificate, null);
    }

    private ChannelConnection(
            SocketAddress remoteAddress,
            SocketAddress localAddress,
            boolean tls,
            @Nullable String serverName,
            @Nullable String certificate,
            @Nullable InetSocketAddress dialled) {
        this.dialled = dialled;
        this.certificate = certificate;
        this.remoteAddress = remoteAddress;
        this.directRemoteAddress = remoteAddress;
        this.remoteHost = DownstreamConnection.super.remoteHost();
        this.localAddress = localAddress;
        this.tls = tls;
        this.ended = null;
        this.serverName = serverName;
        this.id = IDS.incrementAndGet();
    }

    private ChannelConnection(
            ChannelConnection outside,
            @Nullable ConnectionTls ended,
            @Nullable String serverName,
            @Nullable String certificate) {
        this.dialled = outside.dialled;
        this.certificate = certificate;
        this.remoteAddress = outside.remoteAddress;
        this.directRemoteAddress = outside.directRemoteAddress;
        this.remoteHost = outside.remoteHost;
        this.localAddress = outside.localAddress;
        this.tls = ended != null;
        this.ended = ended;
        this.serverName = serverName;
        this.id = outside.id;
    }

    private ChannelConnection(ChannelConnection direct, SocketAddress client, SocketAddress target) {
        this.dialled = direct.dialled;
        this.certificate = direct.certificate;
        this.remoteAddress = client;
        this.directRemoteAddress = direct.remoteAddress;
        this.remoteHost = DownstreamConnection.super.remoteHost();
        this.localAddress = target;
        this.tls = direct.tls;
        this.ended = direct.ended;
        this.serverName = direct.serverName;
        this.id = direct.id;
    }

    /** This connection once its TLS is off; further parameters as of the constructors. */
    public ChannelConnection secured(ConnectionTls ended, @Nullable String serverName, @Nullable String certificate) {
        return new ChannelConnection(this, ended, serverName, certificate);
    }

    /**
     * This connection, whose TLS is carried unopened.
     *
     * @param serverName that the client asks for; null for none
     */
    public ChannelConnection unopened(@Nullable String serverName) {
        return serverName == null ? this : new ChannelConnection(this, null, serverName, null);
    }

    /** This connection, made by a proxy in front of us for {@code client}, who had connected to {@code target}. */
    public ChannelConnection onBehalfOf(SocketAddress client, SocketAddress target) {
        return new ChannelConnection(this, client, target);
    }

    /** A connection in clear text, by the channel's own addresses. */
    public static ChannelConnection cleartext(Channel channel) {
        return new ChannelConnection(UnixAddress.remote(channel), UnixAddress.local(channel), false, null);
    }

    /** A connection in clear text that was redirected; its own end is the dialled one, as the client sees it. */
    public static ChannelConnection redirected(Channel channel, InetSocketAddress dialled) {
        return new ChannelConnection(channel.remoteAddress(), dialled, false, null, null, dialled);
    }

    @Override
    public @Nullable InetSocketAddress dialled() {
        return dialled;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public SocketAddress directRemoteAddress() {
        return directRemoteAddress;
    }

    @Override
    public @Nullable String remoteHost() {
        return remoteHost;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public boolean isTls() {
        return tls;
    }

    @Override
    public @Nullable ConnectionTls tls() {
        return ended;
    }

    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    @Override
    public @Nullable String certificate() {
        return certificate;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String toString() {
        return "#" + id + " " + remoteAddress;
    }
}
