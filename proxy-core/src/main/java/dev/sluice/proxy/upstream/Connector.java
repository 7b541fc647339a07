package dev.sluice.proxy.upstream;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.tls.ClientTls.Speech;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens upstream connections that speak HTTP. Immutable; shared by all event loops. */
public final class Connector implements ConnectionOpener {
    private static final Logger LOG = Logs.of(Connector.class);

    private final Dialer dialer;
    private final ClientCodec codec;

    /** Connects over {@code transport} and installs {@code codec}. */
    public Connector(Transport transport, TlsRegistry tls, ClientCodec codec) {
        this(new Dialer(transport, tls, address -> false), codec);
    }

    /** Speaks {@code codec} on what {@code dialer} connects. */
    public Connector(Dialer dialer, ClientCodec codec) {
        this.dialer = dialer;
        this.codec = codec;
    }

    /** The same for connections to the app beside this proxy, which interception rules must not lead back. */
    public Connector towardsApp() {
        return new Connector(dialer.towardsApp(), codec);
    }

    /** Told how a connect ended, on its event loop; exactly one of the two, once. */
    public interface Outcome {
        /** The connection is ready for streams. */
        void connected(ClientConnection connection);

        /** There is none; nothing was sent, so the verdict is NOT_PROCESSED. */
        void failed(ProxyError error);
    }

    /** What connects its sockets. */
    public Dialer dialer() {
        return dialer;
    }

    /** {@inheritDoc} Nothing is looked up: an unresolved address fails. */
    @Override
    public void connect(EventLoop loop, SocketAddress address, HttpVersion version, Reach reach, Outcome outcome) {
        Speech speech = version == HttpVersion.HTTP_2 ? Speech.HTTP2 : Speech.HTTP1;
        dialer.dial(loop, address, reach, speech, new Dialer.Outcome() {
            @Override
            public void connected(Channel channel, @Nullable ConnectionTls tls) {
                install(channel, version, tls, outcome);
            }

            @Override
            public void failed(ProxyError error) {
                outcome.failed(error);
            }
        });
    }

    private void install(Channel channel, HttpVersion version, @Nullable ConnectionTls tls, Outcome outcome) {
        ClientConnection connection;
        try {
            connection = codec.install(channel, version, tls);
        } catch (RuntimeException e) {
            // The caller counts on an answer: its permit would be lost for ever.
            LOG.log(Level.ERROR, "Cannot speak " + version.text() + " on " + channel, e);
            ChannelFuture unused = channel.close();
            outcome.failed(Dialer.local("no codec for " + version.text()));
            return;
        }
        outcome.connected(connection);
    }
}
