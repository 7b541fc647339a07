package dev.sluice.proxy.upstream.tunnel;

import dev.sluice.config.plan.chain.TunnelPlan;
import dev.sluice.config.plan.chain.TunnelPlan.Method;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.upstream.Dialer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP/1.1 proxy for a tunnel. With CONNECT it leaves the pipeline once a 2xx has come (RFC 9110, section 9.3.6),
 * with the codec before it. With POST it stays and is the tunnel: what is written is the request's body, in chunks, and the
 * body of the response is what is read; the end of either is the end of one direction, on a connection that stays open.
 */
public final class HttpTunnel extends ChannelDuplexHandler {
    private final TunnelPlan plan;
    private final Duration timeout;
    private final @Nullable ConnectionTls tls;
    private final Dialer.Outcome outcome;
    private @Nullable ChannelHandlerContext ctx;
    private LoopTimers.@Nullable Timer deadline;
    private @Nullable HttpResponse accepted;
    private boolean told;
    private boolean inputEnded;

    /** @param tls towards the proxy; null for none */
    HttpTunnel(TunnelPlan plan, Duration timeout, @Nullable ConnectionTls tls, Dialer.Outcome outcome) {
        this.plan = plan;
        this.timeout = timeout;
        this.tls = tls;
        this.outcome = outcome;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        deadline = LoopTimers.of(added.channel().eventLoop()).schedule(timeout.toNanos(), this::late);
        // A write that fails closes the channel, which is told.
        ChannelFuture unused = added.writeAndFlush(request());
        added.read();
    }

    private HttpRequest request() {
        String authority = plan.authority();
        HttpRequest request;
        if (plan.method() == Method.CONNECT) {
            request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
        } else {
            request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
            request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        request.headers().set(HttpHeaderNames.HOST, authority);
        return request;
    }

    // ---- what the proxy says

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpObject part)) {
            context.fireChannelRead(message); // of a CONNECT that is open
        } else if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            fail("its answer is no HTTP");
        } else if (part instanceof HttpResponse response) {
            answered(context, response);
        } else if (part instanceof HttpContent content) {
            carried(context, content);
        }
    }

    private void answered(ChannelHandlerContext context, HttpResponse response) {
        HttpStatusClass kind = response.status().codeClass();
        if (kind == HttpStatusClass.SUCCESS) {
            accepted = response;
            if (plan.method() == Method.POST) {
                open(context);
            }
        } else if (kind != HttpStatusClass.INFORMATIONAL) {
            fail("it answered " + response.status().code());
        }
    }

    private void carried(ChannelHandlerContext context, HttpContent content) {
        if (plan.method() == Method.POST && told && !inputEnded) {
            if (content.content().isReadable()) {
                context.fireChannelRead(content.content());
            } else {
                content.release();
            }
            if (content instanceof LastHttpContent) {
                endInput(context);
            }
            return;
        }
        content.release();
        if (content instanceof LastHttpContent && accepted != null && plan.method() == Method.CONNECT) {
            open(context);
            context.pipeline().remove(HttpClientCodec.class);
            context.pipeline().remove(this);
        }
    }

    private void open(ChannelHandlerContext context) {
        if (!told) {
            told = true;
            endWaiting();
            outcome.connected(context.channel(), tls);
        }
    }

    private void endInput(ChannelHandlerContext context) {
        if (!inputEnded) {
            inputEnded = true;
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    // ---- what goes into the tunnel

    /** Whether it carries bytes as bodies; if not, they go as if there were no tunnel. */
    public boolean carriesBodies() {
        return plan.method() == Method.POST;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!carriesBodies()) {
            // What waited for the tunnel comes before the codec has left, which would take bytes for an error.
            ChannelFuture unused =
                    context.pipeline().context(HttpClientCodec.class).write(message, promise);
            return;
        }
        ChannelFuture unused =
                context.write(message instanceof ByteBuf bytes ? new DefaultHttpContent(bytes) : message, promise);
    }

    /** Ends the body of the request; the future of the write that does. */
    public ChannelFuture endOutput() {
        return Objects.requireNonNull(ctx, "not in a pipeline").writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!told && event instanceof ChannelInputShutdownEvent) {
            fail("it closed the connection");
        } else if (event instanceof ChannelInputShutdownEvent) {
            endInput(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    // ---- failures

    private void late() {
        fail("it did not answer in time");
    }

    private void fail(String reason) {
        if (told) {
            return;
        }
        told = true;
        endWaiting();
        ChannelHandlerContext context = Objects.requireNonNull(ctx, "not in a pipeline");
        ChannelFuture unused = context.close();
        outcome.failed(ProxyError.notProcessed(
                ErrorCode.CONNECT_FAILED, "no tunnel to " + plan.authority() + " by the proxy: " + reason));
    }

    private void endWaiting() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail("it closed the connection");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (told) {
            context.fireExceptionCaught(cause);
        } else {
            fail(cause.toString());
        }
    }
}
