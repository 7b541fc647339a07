package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.status.StatusPage.Rest;
import dev.sluice.proxy.admin.status.StatusPage.Told;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * How one request of a status port is answered; the connection is closed after it. On the connection's thread.
 *
 * @param head whether the body stays away
 * @param chunks whether the client knows them; else the connection's end is the body's
 */
record StatusReply(boolean head, boolean chunks) {
    static StatusReply to(FullHttpRequest request) {
        return new StatusReply(
                request.method().equals(HttpMethod.HEAD),
                request.protocolVersion().equals(HttpVersion.HTTP_1_1));
    }

    void write(ChannelHandlerContext ctx, Told told) {
        Rest rest = told.rest();
        if (rest == null) {
            writeWhole(ctx, told.answer());
        } else if (head || !ctx.channel().isActive()) {
            rest.body().abandon();
            writeWhole(ctx, told.answer());
        } else {
            begin(ctx, told.answer());
            var unused = rest.body().sendTo(ctx.channel()).whenComplete((why, gone) -> {
                if (gone == null) {
                    rest.ended().accept(why);
                    end(ctx, rest.end());
                }
            });
        }
    }

    private void writeWhole(ChannelHandlerContext ctx, Answer answer) {
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        int length = body.readableBytes();
        HttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), head ? Unpooled.EMPTY_BUFFER : body);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        ctx.writeAndFlush(headed(response, answer)).addListener(ChannelFutureListener.CLOSE);
    }

    private void begin(ChannelHandlerContext ctx, Answer answer) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        if (chunks) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ChannelFuture unused = ctx.write(headed(response, answer));
        ChannelFuture unusedToo =
                ctx.write(new DefaultHttpContent(Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8)));
    }

    private static void end(ChannelHandlerContext ctx, String text) {
        ctx.writeAndFlush(new DefaultLastHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private static HttpResponse headed(HttpResponse response, Answer answer) {
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        answer.headers().forEach(response.headers()::set);
        return response;
    }
}
