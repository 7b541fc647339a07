package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks the app what the kubelet would have asked it, and says what it says. */
final class ProbeClient {
    /**
     * Where connections of the proxy to its app come from: the rules of interception leave them alone, so that what is asked
     * is the app, also at the pod's own address.
     */
    private static final byte[] TOWARDS_APP = {127, 0, 0, 6};

    private final EventLoopGroup group;

    ProbeClient(EventLoopGroup group) {
        this.group = group;
    }

    /** @param host the app's own address */
    CompletionStage<Answer> ask(AppProbe probe, InetAddress host) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        @Nullable SslContext tls;
        try {
            tls = probe.question() instanceof AppProbe.Http http && http.tls() ? anyServer() : null;
        } catch (SSLException e) {
            return CompletableFuture.failedFuture(e);
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) probe.timeoutMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline(channel, probe, host, tls, answer);
                    }
                });
        ChannelFuture connected = host instanceof Inet4Address && !host.isLoopbackAddress()
                ? bootstrap.connect(new InetSocketAddress(host, probe.port()), new InetSocketAddress(towardsApp(), 0))
                : bootstrap.connect(host, probe.port());
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                answer.complete(Answer.refusal(
                        503, "the app cannot be reached: " + done.cause().getMessage()));
            }
        });
        Channel channel = connected.channel();
        var timer = channel.eventLoop()
                .schedule(
                        () -> answer.complete(Answer.refusal(504, "the app did not answer in time")),
                        probe.timeoutMillis(),
                        TimeUnit.MILLISECONDS);
        return answer.whenComplete((told, failure) -> {
            timer.cancel(false);
            ChannelFuture unused = channel.close();
        });
    }

    /** The kubelet does not look at the certificate of an app that it asks either. */
    private static SslContext anyServer() throws SSLException {
        return SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
    }

    private static InetAddress towardsApp() {
        try {
            return InetAddress.getByAddress(TOWARDS_APP);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static void pipeline(
            Channel channel,
            AppProbe probe,
            InetAddress host,
            @Nullable SslContext tls,
            CompletableFuture<Answer> answer) {
        String authority = NetUtil.toSocketAddressString(new InetSocketAddress(host, probe.port()));
        AppProbe.Question question = probe.question();
        if (question instanceof AppProbe.Grpc grpc) {
            channel.pipeline().addLast(GrpcProbe.codec(), new GrpcProbe(probe, grpc, authority, answer));
        } else if (question instanceof AppProbe.Http http) {
            ask(channel, http, authority, tls, answer);
        } else {
            channel.pipeline().addLast(new Connected(answer));
        }
    }

    private static void ask(
            Channel channel,
            AppProbe.Http http,
            String authority,
            @Nullable SslContext tls,
            CompletableFuture<Answer> answer) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, http.path());
        request.headers()
                .set(HttpHeaderNames.HOST, authority)
                .set(HttpHeaderNames.USER_AGENT, "kube-probe/sluice")
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        http.headers().forEach(header -> request.headers().set(header.getKey(), header.getValue()));
        channel.pipeline().addLast(new HttpClientCodec()).addLast(new Asking(request, answer));
    }

    /** A connection that is there is the answer. */
    private static final class Connected extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Answer> answer;

        Connected(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            answer.complete(Answer.text("OK\n"));
        }
    }

    /** Sends the request; the status alone is the answer. */
    private static final class Asking extends ChannelInboundHandlerAdapter {
        private static final int REDIRECT = 300;
        private static final int ERROR = 400;

        private final DefaultFullHttpRequest request;
        private final CompletableFuture<Answer> answer;

        Asking(DefaultFullHttpRequest request, CompletableFuture<Answer> answer) {
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ChannelFuture unused = ctx.writeAndFlush(request);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof HttpResponse response) {
                    int status = response.status().code();
                    // To the kubelet a redirect is a success; followed from here it would lead to this port.
                    answer.complete(Answer.text(status >= REDIRECT && status < ERROR ? 200 : status, status + "\n"));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.complete(Answer.refusal(503, "the app closed the connection without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            String kind = cause instanceof IOException ? "" : cause.getClass().getSimpleName() + ": ";
            answer.complete(Answer.refusal(503, "the app cannot be asked: " + kind + cause.getMessage()));
        }
    }
}
