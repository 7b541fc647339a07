package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upstream that is asked every ten seconds whether it is still there, and has three to answer; in virtual time. */
class H2ClientPingTest {
    private static final int ACK = 1;

    private final H2Client client = new H2Client();
    private final RawH2 upstream = client.upstream;

    @BeforeEach
    void watch() {
        upstream.channel.freezeTime();
        upstream.settings();
        client.connection.watch(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(3));
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private void after(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            upstream.channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            upstream.channel.runScheduledPendingTasks();
        }
    }

    private void answers(long number) {
        upstream.frame(RawH2.PING, ACK, 0, Unpooled.buffer().writeLong(number));
    }

    @Test
    void isAskedAgainAnIntervalAfterItsAnswer() {
        after(9);
        assertEquals(List.of(), upstream.received());
        after(2);
        assertEquals(List.of("PING 1"), upstream.received());
        answers(1);
        after(9);
        assertEquals(List.of(), upstream.received());
        after(2);
        assertEquals(List.of("PING 2"), upstream.received());
        answers(2);
        assertFalse(upstream.isClosed());
    }

    @Test
    void isClosedWhereNothingComesAndItsRequestsFail() {
        TakenResponse response = client.get();
        after(12);
        assertFalse(upstream.isClosed());
        after(2);
        assertTrue(upstream.isClosed());
        ProxyError error = Objects.requireNonNull(response.reset);
        assertEquals(ErrorCode.UPSTREAM_CLOSED, error.code());
        assertEquals(RetryVerdict.UNKNOWN, error.retry(), "it may have been processed");
        assertEquals(List.of("draining 0", "closed 0"), client.told.subList(1, 3));
    }

    @Test
    void isClosedWithoutRequestsToo() {
        after(14);
        assertTrue(upstream.isClosed());
        assertEquals(List.of("draining 0", "closed 0"), client.told.subList(1, 3));
    }

    @Test
    void anAnswerToAnEarlierQuestionIsNone() {
        after(11);
        answers(7);
        after(4);
        assertTrue(upstream.isClosed());
    }

    /** The answer stands behind the data, which may be much on a slow way. */
    @Test
    void whateverElseComesBuysTime() {
        client.get();
        upstream.headers(3, false, ":status", "200");
        after(11);
        for (int i = 0; i < 5; i++) {
            upstream.data(3, false, "more");
            after(2);
        }
        assertFalse(upstream.isClosed());
        after(2);
        assertTrue(upstream.isClosed());
    }

    @Test
    void aClosedConnectionAsksNothing() {
        upstream.disconnect();
        after(20);
        assertFalse(upstream.received().contains("PING 1"));
    }
}
