package dev.sluice.proxy.loop;

import dev.sluice.proxy.log.LogTarget;
import dev.sluice.proxy.log.Logs;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the watchdog logs while it is open. */
final class Lines implements LogTarget, AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Lines() {
        Logs.sendTo(this);
    }

    List<String> all() {
        return lines;
    }

    @Override
    public boolean takes(String logger, Level level) {
        return level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void write(String logger, Level level, @Nullable String message, @Nullable Throwable thrown) {
        if (logger.equals(LoopWatchdog.class.getName())) {
            lines.add(level + " " + message + (thrown == null ? "" : " | " + thrown));
        }
    }

    @Override
    public void close() {
        Logs.sendTo(null);
    }
}
