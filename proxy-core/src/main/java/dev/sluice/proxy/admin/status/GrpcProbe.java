package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of gRPC's health protocol on a connection of its own; behind {@link #codec()}. */
final class GrpcProbe extends Http2ChannelDuplexHandler {
    /** The answer is a few bytes. */
    private static final int MOST = 4096;

    private final AppProbe probe;
    private final String service;
    private final String authority;
    private final CompletableFuture<Answer> answer;
    /** On the heap, for nobody is told when to release it where the thread ends. */
    private final ByteBuf body = Unpooled.buffer();

    GrpcProbe(AppProbe probe, AppProbe.Grpc question, String authority, CompletableFuture<Answer> answer) {
        this.probe = probe;
        this.service = question.service();
        this.authority = authority;
        this.answer = answer;
    }

    static Http2FrameCodec codec() {
        return Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
                .build();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Http2FrameStream stream = newStream();
        Http2Headers head = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path(GrpcHealth.PATH)
                .authority(authority)
                .set("te", "trailers")
                .set("content-type", "application/grpc")
                .set("user-agent", "kube-probe/sluice")
                .set("grpc-timeout", probe.timeoutMillis() + "m");
        ChannelFuture unused = ctx.write(new DefaultHttp2HeadersFrame(head).stream(stream));
        ChannelFuture unusedToo =
                ctx.writeAndFlush(new DefaultHttp2DataFrame(GrpcHealth.check(service), true).stream(stream));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Http2HeadersFrame frame) {
                headers(frame);
            } else if (message instanceof Http2DataFrame frame) {
                data(frame);
            } else if (message instanceof Http2ResetFrame || message instanceof Http2GoAwayFrame) {
                answer.complete(Answer.refusal(503, "the app refused the call"));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        @Nullable CharSequence status = frame.headers().status();
        if (status != null
                && !status.toString().startsWith("1")
                && !status.toString().equals("200")) {
            answer.complete(Answer.refusal(503, "the app answers " + status + ", which is not gRPC"));
        } else if (frame.isEndStream()) {
            end(text(frame.headers(), "grpc-status"), text(frame.headers(), "grpc-message"));
        }
    }

    private static @Nullable String text(Http2Headers headers, String name) {
        CharSequence value = headers.get(name);
        return value == null ? null : value.toString();
    }

    private void data(Http2DataFrame frame) {
        if (body.readableBytes() + frame.content().readableBytes() <= MOST) {
            body.writeBytes(frame.content());
            if (frame.isEndStream()) {
                end(null, null);
            }
        } else {
            answer.complete(Answer.refusal(503, "the app's answer cannot be read"));
        }
    }

    private void end(@Nullable String status, @Nullable String message) {
        answer.complete(
                status == null
                        ? Answer.refusal(503, "the app ended the call without grpc-status")
                        : GrpcHealth.verdict(status, message, body));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answer.complete(Answer.refusal(503, "the app closed the connection without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answer.complete(Answer.refusal(503, "the app cannot be asked: " + cause.getMessage()));
    }
}
