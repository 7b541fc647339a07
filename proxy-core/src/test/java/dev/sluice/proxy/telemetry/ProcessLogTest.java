package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Takes over the logging of the whole JVM for the length of a test. */
@Isolated
@SuppressWarnings("try") // installed is all that some tests need of it
class ProcessLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final System.Logger logger = System.getLogger("dev.sluice.proxy.test.ProcessLogTest");

    @Test
    void aRecordIsOneLineOfTimeLevelLoggerAndMessage() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            assertEquals("info", log.level());
            logger.log(Level.WARNING, "the {0} of \"{1}\" is\nlate", "endpoint", "reviews");
        }
        assertTrue(
                line().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z warning test.ProcessLogTest"
                        + " the endpoint of \"reviews\" is\\\\u000alate"),
                line());
    }

    @Test
    void anExceptionStaysInTheLineWithItsCausesAndPlaces() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            logger.log(
                    Level.ERROR,
                    "a stage failed",
                    new IllegalStateException("outer", new IOException("inner\r\nfake")));
        }
        assertTrue(line().contains(
                        " error test.ProcessLogTest a stage failed | java.lang.IllegalStateException: outer at "));
        assertTrue(line().contains("ProcessLogTest.java:"), line());
        assertTrue(line().contains(" | caused by java.io.IOException: inner\\u000d\\u000afake at "), line());
    }

    @Test
    void theLevelMayChangeAtAnyTime() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            logger.log(Level.DEBUG, "1");
            log.level("debug");
            logger.log(Level.DEBUG, "2");
            logger.log(Level.TRACE, "3");
            log.level("trace");
            logger.log(Level.TRACE, "4");
            log.level("ERROR");
            logger.log(Level.WARNING, "5");
            logger.log(Level.ERROR, "6");
            log.level("off");
            logger.log(Level.ERROR, "7");
            for (String level : List.of("trace", "debug", "info", "warning", "error", "off")) {
                log.level(level);
                assertEquals(level, log.level());
            }
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> log.level("loud\n"));
            assertTrue(refused.getMessage().contains("expected trace, debug"), refused.getMessage());
        }
        assertEquals(
                List.of("2", "4", "6"),
                out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.substring(line.length() - 1))
                        .toList());
    }

    @Test
    void nettyLogsTheSameWay() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            InternalLoggerFactory.getInstance("io.netty.test").warn("from {}", "netty");
        }
        assertTrue(line().endsWith(" warning io.netty.test from netty"), line());
    }

    @Test
    void closingGivesLoggingBack() throws IOException {
        Handler[] before = Logger.getLogger("").getHandlers();
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            assertEquals(1, Logger.getLogger("").getHandlers().length);
        }
        assertArrayEquals(before, Logger.getLogger("").getHandlers());
        assertTrue(out.toString(StandardCharsets.UTF_8).isEmpty());
    }

    private String line() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), () -> "lines: " + lines);
        return lines.get(0);
    }
}
