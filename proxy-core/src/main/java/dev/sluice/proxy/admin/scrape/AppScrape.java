package dev.sluice.proxy.admin.scrape;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the app for one scrape. Its head tells the format; what follows is read as fast as the scraper takes it,
 * whole lines at a time, so that an app with many metrics costs no memory here and one that breaks off spoils nothing.
 */
final class AppScrape extends ChannelInboundHandlerAdapter implements AppBody {
    private final FullHttpRequest request;
    private final CompletableFuture<AppBody> head;
    private @Nullable Exposition exposition;
    private @Nullable WholeLines lines;
    private @Nullable ChannelHandlerContext app;
    private @Nullable Channel scraper;
    private @Nullable CompletableFuture<@Nullable String> end;
    private boolean writing;
    private boolean complete;
    private @Nullable String broken;

    /** @param head completed with this once the app has answered with metrics, else exceptionally with what it did */
    AppScrape(FullHttpRequest request, CompletableFuture<AppBody> head) {
        this.request = request;
        this.head = head;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        app = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.writeAndFlush(request);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                answered(response);
            }
            if (message instanceof HttpContent content && lines != null && broken == null) {
                lines.add(content.content());
                complete |= message instanceof LastHttpContent;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answered(HttpResponse response) {
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return;
        }
        if (!response.status().equals(HttpResponseStatus.OK)) {
            fail("it answers " + response.status().code());
            return;
        }
        String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
        Exposition told = Exposition.of(type);
        if (told == null) {
            fail("it answers " + type + ", which is no metrics in text");
            return;
        }
        exposition = told;
        lines = new WholeLines(!told.end().isEmpty());
        head.complete(this);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (lines == null) {
            ctx.read();
        } else {
            forward();
        }
    }

    @Override
    public Exposition exposition() {
        return exposition == null ? Exposition.TEXT : exposition;
    }

    @Override
    public CompletableFuture<@Nullable String> sendTo(Channel scraper) {
        this.scraper = scraper;
        CompletableFuture<@Nullable String> done = new CompletableFuture<>();
        end = done;
        scraper.closeFuture().addListener(closed -> {
            if (done.cancel(false)) {
                abandon();
            }
        });
        forward();
        return done;
    }

    /** Hands on what there is, then reads on; on the thread that both connections are on. */
    private void forward() {
        WholeLines from = lines;
        Channel to = scraper;
        if (from == null || to == null || writing || end == null || end.isDone()) {
            return;
        }
        if (broken == null && !complete && from.overlong()) {
            broken = "a line of its metrics has no end";
        }
        boolean last = complete || broken != null;
        ByteBuf ready = complete ? from.rest() : from.take();
        if (ready.isReadable()) {
            writing = true;
            to.writeAndFlush(new DefaultHttpContent(ready)).addListener(written -> {
                writing = false;
                forward();
            });
        } else {
            ready.release();
            if (last) {
                stop(broken);
            } else if (app != null) {
                app.read();
            }
        }
    }

    /** The time is up, or the connection broke. */
    void fail(String why) {
        if (broken == null && !complete) {
            broken = why;
            head.completeExceptionally(new IOException(why));
            if (app != null) {
                ChannelFuture unused = app.close();
            }
            forward();
        }
    }

    private void stop(@Nullable String why) {
        if (end != null) {
            end.complete(why);
        }
        abandon();
    }

    @Override
    public void abandon() {
        complete = true;
        if (lines != null) {
            lines.release();
            lines = null;
        }
        if (app != null) {
            ChannelFuture unused = app.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("it closed the connection before the end of its answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail("it cannot be read: " + cause.getMessage());
    }
}
