package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.telemetry.line.StandardStream;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Takes over the logging of the whole JVM for the length of a test. */
@Isolated
@SuppressWarnings("try") // installed is all that some tests need of it
class ProcessLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final System.Logger logger = Logs.of(ProcessLogTest.class);

    @Test
    void aRecordIsOneLineOfTimeLevelLoggerAndMessage() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            assertEquals("info", log.level());
            logger.log(Level.WARNING, "the {0} of \"{1}\" is\nlate", "endpoint", "reviews");
        }
        assertTrue(
                line().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z warning telemetry.ProcessLogTest"
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
                        " error telemetry.ProcessLogTest a stage failed | java.lang.IllegalStateException: outer at "));
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

    /** The decoder of HTTP/2 has a line at INFO for each frame of a stream that was reset: a peer could write our log. */
    @Test
    void whatNettyTellsOfPeersAtInfoIsForDebugging() throws IOException {
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            InternalLogger netty = InternalLoggerFactory.getInstance("io.netty.test");
            assertFalse(netty.isInfoEnabled());
            netty.info("{} ignoring {} frame for stream {}", "channel", "DATA", 1);
            netty.info("ignored {}", 2);
            netty.info("ignored");
            log.level("debug");
            assertTrue(netty.isInfoEnabled());
            netty.info("ignoring {} frame for stream {}", "DATA", 3);
        }
        assertTrue(line().endsWith(" debug io.netty.test ignoring DATA frame for stream 3"), line());
    }

    @Test
    void whatTheJdkAndLibrariesLogIsInTheSameFile() throws IOException {
        JdkHandler handler = new JdkHandler();
        LogRecord record = new LogRecord(java.util.logging.Level.WARNING, "the {0} is late");
        record.setParameters(new Object[] {"scrape"});
        record.setLoggerName("io.micrometer.test");
        LogRecord detail = new LogRecord(java.util.logging.Level.FINE, "nobody asked");
        try (ProcessLog log = ProcessLog.install(() -> out)) {
            handler.publish(record);
            handler.publish(detail);
            log.level("off");
            handler.publish(record);
        }
        assertTrue(line().endsWith(" warning io.micrometer.test the scrape is late"), line());
    }

    @Test
    void nothingComesAfterTheEnd() throws IOException {
        ProcessLog.install(() -> out).close();
        logger.log(Level.DEBUG, "late");
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    /** A JVM of its own, for in this one java.util.logging is set up already. */
    @Test
    void theJdksLoggingIsSetUpByItsFirstRecord() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-D" + JdkLogging.PROPERTY + "=" + JdkLogging.class.getName(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JdkLogger.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> all = lines.lines().toList();
            assertEquals(2, all.size(), all.toString());
            assertTrue(all.get(0).endsWith(" warning library.Plain by java.util.logging"), all.get(0));
            assertTrue(all.get(1).endsWith(" debug library.System by the JDK"), all.get(1));
        }
        assertEquals(0, process.waitFor());
    }

    /** What that JVM runs. */
    static final class JdkLogger {
        private JdkLogger() {}

        public static void main(String[] args) throws IOException {
            try (ProcessLog log = ProcessLog.install(StandardStream::out)) {
                Logger.getLogger("library.Plain").warning("by java.util.logging");
                Logger.getLogger("library.Plain").fine("not wanted");
                log.level("debug");
                System.getLogger("library.System").log(Level.DEBUG, "by the JDK");
            }
        }
    }

    private String line() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), () -> "lines: " + lines);
        return lines.get(0);
    }
}
