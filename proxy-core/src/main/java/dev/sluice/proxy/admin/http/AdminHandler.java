package dev.sluice.proxy.admin.http;

import dev.sluice.proxy.log.Logs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the admin port. Requests are answered one after the other: the next is read when the answer before it
 * has been written, so that a client that asks and never reads costs one answer.
 */
final class AdminHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logs.of(AdminHandler.class);
    private static final int MAX_PARAMETERS = 128;

    private final Map<String, Page> pages;
    private final AdminAccess access;
    private final long exchangeMillis;
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> deadline;
    private boolean answering;
    private boolean writing;

    /** @param exchangeMillis within which a request must have come in and its answer have gone out */
    AdminHandler(Map<String, Page> pages, AdminAccess access, long exchangeMillis) {
        this.pages = pages;
        this.access = access;
        this.exchangeMillis = exchangeMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startClock(ctx);
    }

    private void startClock(ChannelHandlerContext ctx) {
        stopClock();
        deadline = ctx.executor().schedule(() -> close(ctx), exchangeMillis, TimeUnit.MILLISECONDS);
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopClock();
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // What one read brought may be several requests; more are not read until these are answered.
        waiting.add((FullHttpRequest) message);
        ctx.channel().config().setAutoRead(false);
        answerWaiting(ctx);
    }

    /** A loop rather than a call from each answer to the next: a thousand pipelined requests are no deep stack. */
    private void answerWaiting(ChannelHandlerContext ctx) {
        if (answering) {
            return;
        }
        answering = true;
        while (!writing && !waiting.isEmpty()) {
            FullHttpRequest request = waiting.remove();
            try {
                write(ctx, request);
            } finally {
                request.release();
            }
        }
        answering = false;
        if (!writing) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void write(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean readable = request.decoderResult().isSuccess();
        Answer answer = readable
                ? answer(request, ctx)
                : Answer.refusal(400, "the request cannot be read: it is malformed or its head is too large");
        boolean keepAlive = readable && HttpUtil.isKeepAlive(request);
        boolean head = request.method().equals(HttpMethod.HEAD);
        writing = true;
        ctx.writeAndFlush(response(answer, head, keepAlive)).addListener((ChannelFutureListener) done -> {
            if (keepAlive && done.isSuccess()) {
                writing = false;
                startClock(ctx);
                answerWaiting(ctx);
            } else {
                close(ctx);
            }
        });
    }

    private Answer answer(FullHttpRequest request, ChannelHandlerContext ctx) {
        try {
            Answer refused =
                    access.refusal(request, (InetSocketAddress) ctx.channel().localAddress(), (InetSocketAddress)
                            ctx.channel().remoteAddress());
            return refused != null ? refused : page(request, ctx);
        } catch (IllegalArgumentException e) {
            return Answer.refusal(400, e.getMessage() == null ? "the request makes no sense" : e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "admin request failed", e);
            return Answer.refusal(500, "the admin port failed on this request; the process log says how");
        }
    }

    private Answer page(FullHttpRequest request, ChannelHandlerContext ctx) throws IOException {
        QueryStringDecoder target =
                new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true);
        Page page = pages.get(target.path());
        if (page == null) {
            return Answer.refusal(404, "no such page; / lists them");
        }
        Answer refused =
                access.refusal(page, request, (InetSocketAddress) ctx.channel().remoteAddress());
        if (refused != null) {
            return refused;
        }
        return page.responder().answer(new Query(request.method().equals(HttpMethod.POST), target.parameters()));
    }

    private static FullHttpResponse response(Answer answer, boolean head, boolean keepAlive) {
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        int length = body.readableBytes();
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), head ? Unpooled.EMPTY_BUFFER : body);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        headers.set("x-content-type-options", "nosniff");
        headers.set(
                HttpHeaderNames.CONTENT_SECURITY_POLICY,
                "default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'");
        headers.set("cross-origin-resource-policy", "same-origin");
        answer.headers().forEach(headers::set);
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.WARNING, "admin connection failed", cause);
        }
        close(ctx);
    }

    private static void close(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }
}
