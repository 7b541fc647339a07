package dev.sluice.proxy.codec.http2;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the answers that a peer can make us queue by sending and never reading: acknowledgements of PING and SETTINGS,
 * and RST_STREAM (CVE-2019-9512, -9514, -9515; spec/reliability.md A4). Netty's own class of this kind cannot be combined
 * with a frame reader of ours.
 */
final class ControlFrameLimit extends DecoratingHttp2ConnectionEncoder {
    private final int limit;
    private final ChannelFutureListener written = future -> this.queued--;
    private int queued;
    private boolean exceeded;
    private @Nullable Http2LifecycleManager lifecycle;

    ControlFrameLimit(Http2ConnectionEncoder encoder, int limit) {
        super(encoder);
        this.limit = limit;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        this.lifecycle = manager;
        super.lifecycleManager(manager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        return admit(ctx) ? super.writeSettingsAck(ctx, count(promise)) : refuse(promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        if (!ack) {
            return super.writePing(ctx, false, data, promise);
        }
        return admit(ctx) ? super.writePing(ctx, true, data, count(promise)) : refuse(promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        return admit(ctx) ? super.writeRstStream(ctx, streamId, errorCode, count(promise)) : refuse(promise);
    }

    private boolean admit(ChannelHandlerContext ctx) {
        if (exceeded) {
            return false;
        }
        if (queued >= limit) {
            // One attempt to get rid of them: what the socket takes at once is no sign of an attack.
            ctx.flush();
        }
        if (queued < limit) {
            return true;
        }
        exceeded = true;
        if (lifecycle != null) {
            lifecycle.onError(
                    ctx, true, Http2Exception.connectionError(ENHANCE_YOUR_CALM, "%d control frames unread", queued));
        }
        // The GOAWAY may never be read either.
        ChannelFuture unused = ctx.close();
        return false;
    }

    private ChannelPromise count(ChannelPromise promise) {
        queued++;
        return promise.unvoid().addListener(written);
    }

    private static ChannelFuture refuse(ChannelPromise promise) {
        promise.tryFailure(Http2Exception.connectionError(ENHANCE_YOUR_CALM, "Too many control frames unread"));
        return promise;
    }
}
