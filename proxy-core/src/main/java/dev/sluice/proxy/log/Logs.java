package dev.sluice.proxy.log;

import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Loggers of this process. They are {@link System.Logger}s and go, while nobody {@linkplain #sendTo takes} what is logged,
 * to those of the JDK. Asking the JDK for one looks for a logging library in every jar and sets java.util.logging up, a
 * tenth of a start; here that waits until something is logged.
 */
public final class Logs {
    private static volatile LogTarget target = JdkTarget.INSTANCE;

    private Logs() {}

    /** The logger of a class. */
    public static Logger of(Class<?> type) {
        return new ProcessLogger(type.getName());
    }

    /** Hands everything that is logged from now on to {@code next}; null: to the JDK. */
    public static void sendTo(@Nullable LogTarget next) {
        target = next == null ? JdkTarget.INSTANCE : next;
    }

    static LogTarget target() {
        return target;
    }
}
