package dev.sluice.proxy.app.ready;

import dev.sluice.proxy.app.ready.ReadyQuestion.Outcome;
import dev.sluice.proxy.app.ready.ReadyQuestion.Reply;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks until a proxy is ready or the time is up.
 *
 * @param questions in their order; the first at which somebody listens decides
 * @param seconds to wait
 * @param periodMillis between two rounds
 * @param requestMillis for one answer
 */
public record Waiting(List<ReadyQuestion> questions, double seconds, long periodMillis, int requestMillis) {
    public Waiting {
        questions = List.copyOf(questions);
    }

    /** Blocks; empty when it is ready, else one line that says who is not, and why. */
    public String await() throws InterruptedException {
        long endNanos = System.nanoTime() + (long) (seconds * 1e9);
        CountDownLatch never = new CountDownLatch(1);
        String last;
        do {
            last = ask();
            if (last.isEmpty()) {
                return last;
            }
        } while (System.nanoTime() - endNanos < 0 && !never.await(periodMillis, TimeUnit.MILLISECONDS));
        return last;
    }

    private String ask() {
        String last = "";
        for (ReadyQuestion question : questions) {
            Reply reply = question.ask(requestMillis);
            if (reply.outcome() == Outcome.READY) {
                return "";
            }
            last = question + " did not become ready: " + reply.text();
            if (reply.outcome() == Outcome.NOT_READY) {
                break;
            }
        }
        return last;
    }
}
