package dev.sluice.proxy.admin.scrape;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What an app answers to a scrape, from its head on. Used on the thread of the status ports; used once, or abandoned. */
public interface AppBody {
    /** Its format. */
    Exposition exposition();

    /**
     * Writes its lines to {@code scraper} as HTTP content, and not the end: that is the caller's.
     *
     * @return completed when all is written; with null, or with why it broke off. Cancelled when the scraper is gone
     */
    CompletableFuture<@Nullable String> sendTo(Channel scraper);

    /** Nobody wants it. */
    void abandon();
}
