package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.chain.TlsVersions.Version;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.tls.ClientTls;
import dev.sluice.proxy.tls.ClientTls.Beginning;
import dev.sluice.proxy.tls.ClientTls.Speech;
import dev.sluice.proxy.tls.FinishedHandshake;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsRegistry;
import dev.sluice.proxy.tls.TlsSignals;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** Begins TLS on sockets that are connected, within what is left of the connect's time. Shared by all event loops. */
final class TlsDialer {
    /** What Envoy tells of a certificate that it does not take; why stays in the log, for names are no client's business. */
    private static final String UNVERIFIED =
            "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end";

    private static final String FAILED = "TLS_error:|handshake failed:TLS_error_end";

    private final TlsRegistry registry;

    TlsDialer(TlsRegistry registry) {
        this.registry = registry;
    }

    /**
     * Does the handshake on a connected channel.
     *
     * @param millis that are left for it
     * @param outcome told once; a channel whose handshake failed is closed
     */
    void secure(Channel channel, Reach reach, Speech speech, long millis, Dialer.Outcome outcome) {
        ClientTls tls = reach.tls() == null ? null : registry.client(reach.tls());
        String who = who(channel, reach);
        int port = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
        Beginning begun;
        try {
            begun = tls == null ? null : tls.begin(channel.alloc(), speech, reach.host(), port, Math.max(1, millis));
        } catch (RuntimeException e) {
            // Whatever it is, whoever waits for the connection is told.
            registry.handshakes().failed(Side.UPSTREAM, who, e);
            ChannelFuture unused = channel.close();
            outcome.failed(error(TlsFailure.PROTOCOL));
            return;
        }
        if (begun == null) {
            registry.handshakes()
                    .failed(
                            Side.UPSTREAM,
                            who,
                            TlsFailure.NO_OWN_CERTIFICATE,
                            "what the configuration names for it cannot be used");
            ChannelFuture unused = channel.close();
            outcome.failed(Dialer.local("no usable TLS settings"));
            return;
        }
        channel.pipeline().addLast(begun.handler(), TlsSignals.INSTANCE, new Handshake(registry, begun, who, outcome));
        // Reading is by hand, and nobody else asks yet.
        channel.read();
    }

    /** The server and the name that it is asked for, as the log tells it. */
    private static String who(Channel channel, Reach reach) {
        String name = reach.tls() == null || reach.tls().serverName() == null
                ? reach.host()
                : reach.tls().serverName();
        return "to " + channel.remoteAddress() + (name == null ? "" : " for " + name);
    }

    /**
     * Waits for the end of the handshake, and by TLS 1.3 for the server's first bytes too: only with those, or with an
     * alert, does a client learn what the server thinks of its certificate.
     */
    private static final class Handshake extends ChannelInboundHandlerAdapter {
        private final TlsRegistry registry;
        private final Beginning begun;
        private final String who;
        private final Dialer.Outcome outcome;
        private boolean told;
        private boolean done;

        Handshake(TlsRegistry registry, Beginning begun, String who, Dialer.Outcome outcome) {
            this.registry = registry;
            this.begun = begun;
            this.who = who;
            this.outcome = outcome;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent end)) {
                ctx.fireUserEventTriggered(event);
            } else if (end.isSuccess()) {
                if (!told) {
                    told = true;
                    done = true;
                    registry.handshakes().completed(Side.UPSTREAM);
                    SSLSession session = begun.handler().engine().getSession();
                    FinishedHandshake tls = new FinishedHandshake(session, begun.own());
                    outcome.connected(ctx.channel(), tls);
                    if (!Version.TLS_1_3.javaName().equals(tls.version())) {
                        ctx.pipeline().remove(this);
                    }
                }
            } else {
                failed(ctx, end.cause());
            }
        }

        private void failed(ChannelHandlerContext ctx, Throwable cause) {
            if (told) {
                return;
            }
            told = true;
            TlsFailure failure = registry.handshakes().failed(Side.UPSTREAM, who, cause);
            ChannelFuture unused = ctx.close();
            outcome.failed(error(failure));
        }

        /** The server is content. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead(message);
            if (done) {
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            failed(ctx, new ClosedChannelException());
            ctx.fireChannelInactive();
        }

        /** Of a handshake that is done here it is the server's refusal; the request then fails as on any broken connection. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!done) {
                failed(ctx, cause);
                return;
            }
            if (cause instanceof SSLException) {
                registry.handshakes().failed(Side.UPSTREAM, who, cause);
                ctx.pipeline().remove(this);
            }
            ctx.fireExceptionCaught(cause);
        }
    }

    private static ProxyError error(TlsFailure failure) {
        return switch (failure) {
            case TIMEOUT -> ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, "");
            case UNKNOWN_CA, EXPIRED, NOT_YET_VALID, REVOKED, NAME_MISMATCH, PIN_MISMATCH, BAD_CERTIFICATE ->
                ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, UNVERIFIED);
            default -> ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, FAILED);
        };
    }
}
