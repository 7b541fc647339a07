package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.http1.connection.H1Server;
import dev.sluice.proxy.stream.BodyWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Predicate;

/** What both ends of a stream hold to, read off what a reader was told. */
final class StreamRules {
    /** More than any buffer or window takes. */
    static final int FLOOD = 200_000;

    private StreamRules() {}

    /** What is written to {@code writer} goes nowhere and is released. */
    static void assertDeaf(BodyWriter writer) {
        ByteBuf late = Heads.bytes("late");
        writer.data(late, false);
        assertEquals(0, late.refCnt());
        writer.trailers(Heads.headers("x-late", "1"));
        writer.reset(H1Server.ERROR);
        ByteBuf later = Heads.bytes("later");
        writer.data(later, true);
        assertEquals(0, later.refCnt());
    }

    static void assertResetOnce(List<String> events) {
        assertEquals(
                1, events.stream().filter(event -> event.startsWith("reset")).count(), events.toString());
        assertTrue(events.get(events.size() - 1).startsWith("reset"), events.toString());
    }

    /** A reset may follow the end of the direction it is told in: it ends the other one. */
    static void assertNothingFollowsAnEnd(List<String> events) {
        Predicate<String> isEnd = event -> event.endsWith("|") || event.startsWith("trailers");
        boolean ended = false;
        for (String event : events) {
            boolean ofOtherDirection = event.equals("writable") || event.startsWith("reset");
            assertTrue(!ended || ofOtherDirection, () -> "something follows an end: " + events);
            ended |= isEnd.test(event);
        }
    }

    static List<String> texts(List<String> events) {
        return events.stream()
                .map(event -> event.endsWith("|") ? event.substring(0, event.length() - 1) : event)
                .filter(event -> !event.isEmpty())
                .toList();
    }

    static long ends(List<String> events) {
        return events.stream()
                .filter(event -> event.endsWith("|") || event.startsWith("trailers"))
                .count();
    }
}
