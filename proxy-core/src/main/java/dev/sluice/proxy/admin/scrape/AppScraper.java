package dev.sluice.proxy.admin.scrape;

import dev.sluice.proxy.log.Logs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the app for its metrics whenever the proxy's are asked for. What goes wrong with the app is counted and logged once, and
 * takes nothing away from the proxy's.
 */
public final class AppScraper {
    private static final Logger LOG = Logs.of(AppScraper.class);
    private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");

    private final AppMetrics app;
    private final EventLoop loop;
    private final Counter failures;
    private volatile boolean failing;

    /** @param loop of the connections that are scraped from */
    public AppScraper(AppMetrics app, EventLoop loop, MeterRegistry registry) {
        this.app = app;
        this.loop = loop;
        this.failures = Counter.builder("sluice_app_scrape_failures_total")
                .description("Scrapes that got no metrics of the app, or not all of them.")
                .register(registry);
    }

    /**
     * Asks, on the loop.
     *
     * @param scraper the headers of the scraper's own request
     * @return the app's answer once its head is there; null when there is none
     */
    public CompletableFuture<@Nullable AppBody> ask(HttpHeaders scraper) {
        CompletableFuture<AppBody> head = new CompletableFuture<>();
        Attempt attempt = new Attempt(ScrapeRequest.of(app, scraper), head);
        attempt.connect(0);
        ScheduledFuture<?> deadline = loop.schedule(
                () -> attempt.fail("it did not answer in time"),
                ScrapeRequest.patienceMillis(scraper),
                TimeUnit.MILLISECONDS);
        var unused = attempt.closed().whenComplete((nothing, failure) -> deadline.cancel(false));
        return head.handle((body, failure) -> {
            if (failure != null) {
                failed(String.valueOf(failure.getMessage()));
            }
            return failure == null ? body : null;
        });
    }

    /** How sending it ended: null for well, else why it broke off. */
    public void ended(@Nullable String why) {
        if (why != null) {
            failed(why);
        } else if (failing) {
            failing = false;
            LOG.log(Level.INFO, "The app's metrics on " + target() + " can be read again");
        }
    }

    private void failed(String why) {
        failures.increment();
        if (!failing) {
            failing = true;
            LOG.log(Level.WARNING, "No metrics of the app on " + target() + ": " + why);
        }
    }

    private String target() {
        return "port " + app.port() + app.path();
    }

    /** One scrape: a connection to the one loopback address, else to the other. */
    private final class Attempt {
        private final FullHttpRequest request;
        private final CompletableFuture<AppBody> head;
        private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
        private AppScrape scrape;

        Attempt(FullHttpRequest request, CompletableFuture<AppBody> head) {
            this.request = request;
            this.head = head;
            this.scrape = new AppScrape(request, head);
        }

        CompletableFuture<@Nullable Void> closed() {
            return closed;
        }

        void connect(int address) {
            AppScrape handler = scrape;
            ChannelFuture connected = new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new HttpClientCodec())
                                    .addLast(new HttpContentDecompressor(0))
                                    .addLast(handler);
                        }
                    })
                    .connect(new InetSocketAddress(LOOPBACKS.get(address), app.port()));
            connected.addListener(done -> {
                if (done.isSuccess()) {
                    connected.channel().closeFuture().addListener(end -> closed.complete(null));
                } else if (address + 1 < LOOPBACKS.size() && !head.isDone()) {
                    scrape = new AppScrape(request, head);
                    connect(address + 1);
                } else {
                    closed.complete(null);
                    head.completeExceptionally(new IOException("it cannot be reached"));
                }
            });
        }

        void fail(String why) {
            scrape.fail(why);
        }
    }
}
