package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.status.StatusPage.Asked;
import dev.sluice.proxy.admin.status.StatusPage.Told;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a status port: one request, one answer, and it is closed. A probe comes every few seconds, and one that
 * keeps its connection would not notice that the process behind it is another.
 */
final class StatusHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logs.of(StatusHandler.class);

    private final List<StatusPage> pages;
    private boolean asked;
    private boolean answered;

    StatusHandler(List<StatusPage> pages) {
        this.pages = pages;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        FullHttpRequest request = (FullHttpRequest) message;
        try {
            if (!asked) {
                asked = true;
                StatusReply reply = StatusReply.to(request);
                var unused = answer(ctx, request)
                        .handle((told, failure) -> failure == null ? told : new Told(failed(failure), null))
                        .thenAccept(told -> ctx.executor().execute(() -> {
                            answered = true;
                            reply.write(ctx, told);
                        }));
            }
        } finally {
            request.release();
        }
    }

    private CompletionStage<Told> answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return now(Answer.refusal(400, "the request cannot be read"));
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        StatusPage page = page(path);
        Answer refused =
                refusal(page, request, (InetSocketAddress) ctx.channel().remoteAddress());
        if (page == null || refused != null) {
            return now(refused == null ? failed(new IOException(path)) : refused);
        }
        try {
            return page.responder().answer(new Asked(path, request.headers(), (InetSocketAddress)
                    ctx.channel().localAddress()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletionStage<Told> now(Answer answer) {
        return CompletableFuture.completedFuture(new Told(answer, null));
    }

    private @Nullable StatusPage page(String path) {
        for (StatusPage page : pages) {
            if (page.path().endsWith("/") ? path.startsWith(page.path()) : path.equals(page.path())) {
                return page;
            }
        }
        return null;
    }

    private static @Nullable Answer refusal(@Nullable StatusPage page, HttpRequest request, InetSocketAddress peer) {
        if (page == null) {
            return Answer.refusal(404, "no such page");
        }
        HttpMethod method = request.method();
        boolean fits = method.name().equals(page.method())
                || (method.equals(HttpMethod.HEAD) && page.method().equals("GET"));
        if (!fits) {
            return Answer.notAllowed(page.method(), page.path() + " takes " + page.method());
        }
        // A route whose endpoint is this port would let anybody in as a process of this host.
        boolean sentOn = request.headers().contains(HeaderNames.X_SLUICE_HOP);
        if (page.loopbackOnly() && (sentOn || !peer.getAddress().isLoopbackAddress())) {
            return Answer.refusal(403, page.path() + " is for this host's own processes");
        }
        return null;
    }

    private static Answer failed(Throwable failure) {
        LOG.log(Level.ERROR, "a status request failed", failure);
        return Answer.refusal(500, "the request failed; the process log says how");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            // An app may take its time over a hook; what asks it has a deadline of its own.
            if (!asked || answered) {
                close(ctx);
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.WARNING, "a status connection failed", cause);
        }
        close(ctx);
    }

    private static void close(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }
}
