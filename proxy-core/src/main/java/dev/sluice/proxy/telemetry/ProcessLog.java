package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.log.LogTarget;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.log.NettyLogs;
import dev.sluice.proxy.telemetry.line.LineSink;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The log of the process itself: what {@link Logs}, Netty and, by {@link JdkLogging}, java.util.logging are told. One line a
 * record: time, level, logger, message, and the exception if any. Lines go through a {@link LineSink}, so an event loop that
 * logs does not wait for the terminal.
 *
 * <p>Thread-safe; one for the process.
 */
public final class ProcessLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int MAX_FRAMES = 12;
    private static final int MAX_CAUSES = 4;
    private static final String OWN_PREFIX = "dev.sluice.proxy.";

    private static volatile @Nullable ProcessLog current;

    private final LineSink sink;
    private final LogTarget lines = new Lines();
    private volatile Level level = Level.INFO;

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
        current = log;
        NettyLogs.install();
        Logs.sendTo(log.lines);
        JdkHandler.follow(log.level);
        return log;
    }

    /** The one that is installed; null for none. */
    static @Nullable ProcessLog current() {
        return current;
    }

    /** From which level on records are written now. */
    static Level currentLevel() {
        ProcessLog log = current;
        return log == null ? Level.INFO : log.level;
    }

    LogTarget lines() {
        return lines;
    }

    /**
     * Changes from which level on records are written.
     *
     * @param name trace, debug, info, warning, error or off; {@code warn} and {@code critical} as in Envoy
     * @throws IllegalArgumentException when it is none of these
     */
    public void level(String name) {
        level = switch (name.toLowerCase(Locale.ROOT)) {
            case "trace" -> Level.TRACE;
            case "debug" -> Level.DEBUG;
            case "info" -> Level.INFO;
            case "warning", "warn" -> Level.WARNING;
            case "error", "critical" -> Level.ERROR;
            case "off" -> Level.OFF;
            default ->
                throw new IllegalArgumentException(
                        "unknown level '" + name + "'; expected trace, debug, info, warning, error or off");
        };
        JdkHandler.follow(level);
    }

    /** From which level on records are written. */
    public String level() {
        return nameOf(level);
    }

    /** Writes what is queued and gives logging back to the JDK. */
    @Override
    public void close() {
        if (current == this) {
            current = null;
            Logs.sendTo(null);
        }
        try {
            sink.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String nameOf(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** Called on the thread that logs. */
    private final class Lines implements LogTarget {
        @Override
        public boolean takes(String logger, Level asked) {
            return asked.getSeverity() >= level.getSeverity();
        }

        @Override
        public void write(String logger, Level at, @Nullable String message, @Nullable Throwable thrown) {
            LogLine line = new LogLine();
            line.utc().writeIso(line, System.currentTimeMillis());
            line.raw(' ').raw(nameOf(at));
            line.raw(' ').printable(shortName(logger));
            line.raw(' ').printable(String.valueOf(message));
            Throwable cause = thrown;
            for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
                write(line, cause, depth);
                cause = cause.getCause();
            }
            line.end();
            sink.write(line);
        }

        private static String shortName(String logger) {
            if (logger.isEmpty()) {
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
