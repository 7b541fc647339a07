package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.telemetry.line.LineSink;
import dev.sluice.proxy.telemetry.line.LogLine;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The log of the process itself. Code logs by {@link System.Logger}, which the JDK hands to java.util.logging; Netty is
 * sent the same way. One line a record: time, level, logger, message, and the exception if any. Lines go through a {@link
 * LineSink}, so an event loop that logs does not wait for the terminal.
 *
 * <p>Thread-safe; one for the process.
 */
public final class ProcessLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int FLUSH_MILLIS = 500;
    private static final int MAX_FRAMES = 12;
    private static final int MAX_CAUSES = 4;
    private static final String OWN_PREFIX = "dev.sluice.proxy.";

    private final Logger root = LogManager.getLogManager().getLogger("");
    private final Handler[] before = root.getHandlers();
    private final Level levelBefore = root.getLevel();
    private final LineSink sink;
    private final Handler handler = new LineHandler();

    private ProcessLog(LineSink sink) {
        this.sink = sink;
    }

    /**
     * Sends all logging of the process to {@code target}, from level INFO on.
     *
     * @throws IOException when the target cannot be opened
     */
    public static ProcessLog install(LineSink.Target target) throws IOException {
        ProcessLog log = new ProcessLog(new LineSink("process-log", target, BUFFER_BYTES));
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        for (Handler old : log.before) {
            log.root.removeHandler(old);
        }
        log.root.addHandler(log.handler);
        log.root.setLevel(Level.INFO);
        return log;
    }

    /**
     * Changes from which level on records are written.
     *
     * @param name trace, debug, info, warning, error or off; {@code warn} and {@code critical} as in Envoy
     * @throws IllegalArgumentException when it is none of these
     */
    public void level(String name) {
        root.setLevel(
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "trace" -> Level.FINER;
                    case "debug" -> Level.FINE;
                    case "info" -> Level.INFO;
                    case "warning", "warn" -> Level.WARNING;
                    case "error", "critical" -> Level.SEVERE;
                    case "off" -> Level.OFF;
                    default ->
                        throw new IllegalArgumentException(
                                "unknown level '" + name + "'; expected trace, debug, info, warning, error or off");
                });
    }

    /** From which level on records are written. */
    public String level() {
        return nameOf(root.getLevel());
    }

    /** Writes what is queued and gives logging back to whom it belonged before. */
    @Override
    public void close() {
        root.removeHandler(handler);
        for (Handler old : before) {
            root.addHandler(old);
        }
        root.setLevel(levelBefore);
        handler.close();
    }

    private static String nameOf(Level level) {
        int value = level.intValue();
        if (value == Level.OFF.intValue()) {
            return "off";
        } else if (value >= Level.SEVERE.intValue()) {
            return "error";
        } else if (value >= Level.WARNING.intValue()) {
            return "warning";
        } else if (value >= Level.INFO.intValue()) {
            return "info";
        }
        return value >= Level.FINE.intValue() ? "debug" : "trace";
    }

    /** Called by java.util.logging on the thread that logs. */
    private final class LineHandler extends Handler {
        private final Formatter messages = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            if (!isLoggable(record)) {
                return;
            }
            LogLine line = new LogLine();
            line.utc().writeIso(line, record.getMillis());
            line.raw(' ').raw(nameOf(record.getLevel()));
            line.raw(' ').printable(shortName(record.getLoggerName()));
            line.raw(' ').printable(messages.formatMessage(record));
            Throwable thrown = record.getThrown();
            for (int depth = 0; thrown != null && depth < MAX_CAUSES; depth++) {
                write(line, thrown, depth);
                thrown = thrown.getCause();
            }
            line.end();
            sink.write(line);
        }

        @Override
        public void flush() {
            try {
                sink.flush(FLUSH_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Also called by the JDK when the process ends. */
        @Override
        public void close() {
            try {
                sink.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static String shortName(@Nullable String logger) {
            if (logger == null || logger.isEmpty()) {
                return "-";
            }
            return logger.startsWith(OWN_PREFIX) ? logger.substring(OWN_PREFIX.length()) : logger;
        }

        private static void write(LogLine line, Throwable thrown, int depth) {
            line.raw(depth == 0 ? " | " : " | caused by ").printable(thrown.toString());
            StackTraceElement[] frames = thrown.getStackTrace();
            for (int i = 0; i < frames.length && i < MAX_FRAMES; i++) {
                line.raw(i == 0 ? " at " : " < ").printable(frames[i].toString());
            }
        }
    }
}
