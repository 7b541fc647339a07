package dev.sluice.proxy.log;

import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A logger with a name; where its records go is looked up with each, for that changes. */
final class ProcessLogger implements System.Logger {
    private final String name;

    ProcessLogger(String name) {
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && Logs.target().takes(name, level);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            Logs.target().write(name, level, localized(bundle, message), thrown);
        }
    }

    /** {@code format} is one of {@link LogPattern} where there are {@code parameters}, else the message itself. */
    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            Logs.target().write(name, level, formatted(localized(bundle, format), parameters), null);
        }
    }

    private static @Nullable String formatted(@Nullable String format, @Nullable Object @Nullable [] parameters) {
        return format == null || parameters == null ? format : LogPattern.fill(format, parameters);
    }

    private static @Nullable String localized(@Nullable ResourceBundle bundle, @Nullable String key) {
        if (bundle == null || key == null) {
            return key;
        }
        try {
            return bundle.getString(key);
        } catch (MissingResourceException e) {
            return key;
        }
    }
}
