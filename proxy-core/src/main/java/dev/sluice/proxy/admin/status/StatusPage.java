package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.scrape.AppBody;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One path of a status port.
 *
 * @param path exact, or a prefix where it ends in a slash
 * @param method the one that it takes; GET stands for HEAD too
 * @param loopbackOnly whether it answers this host's own processes alone
 * @param responder answers
 */
record StatusPage(String path, String method, boolean loopbackOnly, Responder responder) {
    /** Answers, now or later, on any thread; called on the status thread, where nothing may wait. */
    @FunctionalInterface
    interface Responder {
        CompletionStage<Told> answer(Asked asked);
    }

    /**
     * A request.
     *
     * @param path without its query
     * @param headers as they came
     * @param local the address that was asked
     */
    record Asked(String path, HttpHeaders headers, InetSocketAddress local) {}

    /**
     * What a page says.
     *
     * @param rest what follows the answer's own body; null for nothing
     */
    record Told(Answer answer, @Nullable Rest rest) {}

    /**
     * What the app says, after what the page says.
     *
     * @param end written at last, however the app ended
     * @param ended told how: null for well, else why it broke off
     */
    record Rest(AppBody body, String end, Consumer<@Nullable String> ended) {}

    /** What is there at once, for whoever asks. */
    static StatusPage read(String path, Supplier<Answer> answer) {
        return new StatusPage(
                path, "GET", false, asked -> CompletableFuture.completedFuture(new Told(answer.get(), null)));
    }
}
