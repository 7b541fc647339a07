package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

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
        /**
         * @param path of the request, without its query
         * @param local the address that was asked
         */
        CompletionStage<Answer> answer(String path, InetSocketAddress local);
    }

    /** What is there at once, for whoever asks. */
    static StatusPage read(String path, Supplier<Answer> answer) {
        return new StatusPage(path, "GET", false, (asked, local) -> CompletableFuture.completedFuture(answer.get()));
    }
}
