package dev.sluice.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The ends of connections that may be TLS, where {@code close_notify} says what a FIN says in clear text: that this was all
 * (RFC 8446, section 6.1). A FIN alone may be anybody's on the way. Event loop of the connection.
 */
public final class TlsEnds {
    private TlsEnds() {}

    /** Announces the end of our side, behind what is written; what the peer says from then on is of no use. */
    public static void endOutput(Channel channel, ChannelFuture written) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        written.addListener(done -> {
            if (tls == null) {
                shutDown(channel);
            } else {
                tls.closeOutbound().addListener(told -> shutDown(channel));
            }
        });
    }

    private static void shutDown(Channel channel) {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            ChannelFuture unused = duplex.shutdownOutput();
        }
    }

    /** Has the channel close without a word: the peer must not take what it has for all. */
    public static void silence(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null && channel.pipeline().get(Silence.class) == null) {
            channel.pipeline().addAfter(tls.name(), null, new Silence(tls));
        }
    }

    /** Leads a close past the handler of TLS. */
    private static final class Silence extends ChannelOutboundHandlerAdapter {
        private final ChannelHandlerContext tls;

        Silence(ChannelHandlerContext tls) {
            this.tls = tls;
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            ChannelFuture unused = tls.close(promise);
        }
    }
}
