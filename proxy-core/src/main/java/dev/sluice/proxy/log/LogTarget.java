package dev.sluice.proxy.log;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Takes what is logged, on the thread that logs: must neither wait nor throw. */
public interface LogTarget {
    /** Whether records of {@code level} are wanted; never asked about OFF. */
    boolean takes(String logger, Level level);

    /** Writes a record that is wanted. */
    void write(String logger, Level level, @Nullable String message, @Nullable Throwable thrown);
}
