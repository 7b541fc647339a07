package dev.sluice.proxy.listener;

import dev.sluice.proxy.tls.HandshakeLog;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Why a client's TLS is not even begun: counted, told in the log, and to the client by an alert (RFC 8446, section 6.2).
 *
 * @param alert its description; 0 for none, where the bytes are not TLS or nobody reads
 */
record Refusal(TlsFailure failure, String reason, int alert) {
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int INTERNAL_ERROR = 80;

    static final Refusal NOT_TLS = new Refusal(TlsFailure.PROTOCOL, "the first bytes are not TLS", 0);
    static final Refusal LATE = new Refusal(TlsFailure.TIMEOUT, "the ClientHello was not complete in time", 0);
    static final Refusal NO_CERTIFICATE =
            new Refusal(TlsFailure.NO_OWN_CERTIFICATE, "no usable certificate for it", INTERNAL_ERROR);

    static Refusal malformed(String what) {
        return new Refusal(TlsFailure.PROTOCOL, what, 0);
    }

    static Refusal unknownName(@Nullable String name) {
        return new Refusal(
                TlsFailure.NO_CHAIN,
                name == null ? "no server is for clients that name none" : "no server is for the name " + name,
                UNRECOGNIZED_NAME);
    }

    /**
     * Tells of it and closes; what has arrived is of no use.
     *
     * @param who listener and client, for the log
     */
    void give(OpeningHandler opening, ChannelHandlerContext ctx, HandshakeLog log, String who) {
        log.failed(Side.DOWNSTREAM, who, failure, reason);
        opening.forget();
        if (alert == 0) {
            OpeningHandler.close(ctx);
        } else {
            byte[] fatal = {21, 3, 3, 0, 2, 2, (byte) alert};
            ChannelFuture unused =
                    ctx.writeAndFlush(Unpooled.wrappedBuffer(fatal)).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
