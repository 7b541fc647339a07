package dev.sluice.proxy.telemetry;

import java.lang.System.Logger.Level;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Hands records of java.util.logging to the {@link ProcessLog} of the moment; without one, to the console. */
public final class JdkHandler extends Handler {
    private static volatile @Nullable JdkHandler made;

    private final Formatter messages = new SimpleFormatter();
    private final Handler console = new ConsoleHandler();

    /** For the JDK, which makes one where {@link JdkLogging} says so. */
    public JdkHandler() {
        made = this;
    }

    /** Follows a change of level, if java.util.logging is in use at all. */
    static void follow(Level level) {
        if (made != null) {
            Logger root = LogManager.getLogManager().getLogger("");
            if (root != null) {
                root.setLevel(levelOf(level));
            }
        }
    }

    static java.util.logging.Level levelOf(Level level) {
        return switch (level) {
            case ALL, TRACE -> java.util.logging.Level.FINER;
            case DEBUG -> java.util.logging.Level.FINE;
            case INFO -> java.util.logging.Level.INFO;
            case WARNING -> java.util.logging.Level.WARNING;
            case ERROR -> java.util.logging.Level.SEVERE;
            case OFF -> java.util.logging.Level.OFF;
        };
    }

    private static Level levelOf(java.util.logging.Level level) {
        int value = level.intValue();
        Level found = Level.TRACE;
        for (Level one : Level.values()) {
            if (one != Level.OFF && one.getSeverity() <= value) {
                found = one;
            }
        }
        return found == Level.ALL ? Level.TRACE : found;
    }

    @Override
    public void publish(LogRecord record) {
        ProcessLog log = ProcessLog.current();
        if (log == null) {
            console.publish(record);
        } else if (isLoggable(record)) {
            String logger = record.getLoggerName();
            Level level = levelOf(record.getLevel());
            if (log.lines().takes(logger == null ? "" : logger, level)) {
                log.lines()
                        .write(logger == null ? "" : logger, level, messages.formatMessage(record), record.getThrown());
            }
        }
    }

    /** The log writes by itself. */
    @Override
    public void flush() {
        console.flush();
    }

    /** The log is closed by its owner. */
    @Override
    public void close() {
        console.flush();
    }
}
