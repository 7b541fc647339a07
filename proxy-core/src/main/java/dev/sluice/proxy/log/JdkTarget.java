package dev.sluice.proxy.log;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The loggers of the JDK, which it caches itself. */
final class JdkTarget implements LogTarget {
    static final JdkTarget INSTANCE = new JdkTarget();

    private JdkTarget() {}

    @Override
    public boolean takes(String logger, Level level) {
        return System.getLogger(logger).isLoggable(level);
    }

    @Override
    public void write(String logger, Level level, @Nullable String message, @Nullable Throwable thrown) {
        System.getLogger(logger).log(level, message, thrown);
    }
}
