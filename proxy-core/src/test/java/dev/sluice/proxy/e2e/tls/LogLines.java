package dev.sluice.proxy.e2e.tls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one class writes to the process log while this is open. */
final class LogLines extends Handler implements AutoCloseable {
    // Held: java.util.logging forgets loggers that nobody holds, with their handlers.
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Class<?> writer) {
        this.logger = Logger.getLogger(writer.getName());
        setLevel(Level.INFO);
        logger.addHandler(this);
    }

    static LogLines of(Class<?> writer) {
        return new LogLines(writer);
    }

    /** Lines from INFO on, each with its level. */
    List<String> all() {
        return lines;
    }

    @Override
    public void publish(LogRecord line) {
        if (isLoggable(line)) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
