package dev.sluice.proxy.assembly;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.connection.H1ClientHandler;
import dev.sluice.proxy.codec.http2.connection.H2ClientHandler;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.ClientCodec;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The client side of both protocols; HTTP/2 by prior knowledge. */
final class UpstreamCodec implements ClientCodec {
    private final CodecLimits limits;

    UpstreamCodec(CodecLimits limits) {
        this.limits = limits;
    }

    @Override
    public ClientConnection install(Channel channel, HttpVersion version, @Nullable ConnectionTls tls) {
        if (version == HttpVersion.HTTP_2) {
            H2ClientHandler handler = new H2ClientHandler(limits, tls);
            channel.pipeline().addLast(handler);
            return handler;
        }
        H1ClientHandler handler = new H1ClientHandler(limits, tls);
        channel.pipeline().addLast(handler);
        return handler.connection();
    }
}
