package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.Traffic;
import dev.sluice.proxy.telemetry.line.LineSink;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final Destination REVIEWS = Traffic.destination("reviews", null, Map.of());

    @Test
    void linesAreAppendedToAFileThatMayBeRotated(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        AccessLog log = AccessLog.open(file.toString(), LogFormat.text("%REQ(:PATH)%"));
        assertNotNull(log);
        Traffic traffic = new Traffic(log);
        traffic.answer(traffic.start(Traffic.get("/a").build()), REVIEWS, 200);
        assertTrue(log.close());
        assertEquals("before\n/a\n", Files.readString(file));
        assertEquals(0, log.dropped());
    }

    @Test
    void offIsNoLog() throws Exception {
        assertNull(AccessLog.open("off", LogFormat.text("x")));
        assertNull(AccessLog.open("", LogFormat.text("x")));
    }

    @Test
    void standardStreamsOutliveTheLog() throws Exception {
        for (String target : new String[] {"-", "/dev/stdout", "/dev/stderr"}) {
            AccessLog log = AccessLog.open(target, LogFormat.text("a line of the access log"));
            assertNotNull(log, target);
            assertTrue(log.close());
        }
        System.out.println("standard output is still open");
        assertTrue(!System.out.checkError() && !System.err.checkError());
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed(@TempDir Path folder) {
        for (Path file : new Path[] {folder, folder.resolve("missing/access.log")}) {
            IOException refused =
                    assertThrows(IOException.class, () -> AccessLog.open(file.toString(), LogFormat.text("x")));
            assertTrue(
                    refused.getMessage().startsWith("cannot open the access log " + file + ": "), refused.getMessage());
        }
    }

    @Test
    void aReloadMayChangeTheFormat() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AccessLog log = new AccessLog(LogFormat.text("one"), new LineSink("test", () -> out, 4096));
        Traffic traffic = new Traffic(log);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        log.format(LogFormat.text("two"));
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertTrue(log.close());
        assertEquals("one\ntwo\n", out.toString(StandardCharsets.UTF_8));
    }

    /** Millions of lines a minute: what a line allocates is what the collector clears. */
    @Test
    void anOrdinaryLineAllocatesNextToNothing() {
        LogFormat format = LogFormat.text(LogFormat.DEFAULT_TEXT);
        LogLine line = new LogLine();
        Traffic traffic = new Traffic(exchange -> {});
        Exchange exchange = traffic.start(Traffic.get("/reviews", "user-agent", "curl", "x-request-id", "1")
                .build());
        traffic.answer(exchange, REVIEWS, 200, "x-envoy-upstream-service-time", "1");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int lines = 5_000;
        for (int i = 0; i < lines; i++) {
            line.clear();
            format.write(exchange, line);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < lines; i++) {
            line.clear();
            format.write(exchange, line);
        }
        double perLine = (threads.getCurrentThreadAllocatedBytes() - before) / (double) lines;
        // Three arrays of four bytes, where the compiler makes them at all.
        assertTrue(perLine < 100, "bytes a line: " + perLine);
    }
}
