package dev.sluice.proxy.log;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.FormattingTuple;
import io.netty.util.internal.logging.MessageFormatter;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A logger of Netty's, going where all others do. What Netty tells at INFO is told at DEBUG here: of HTTP/2 that is each frame
 * of a stream that was reset, so that a peer could fill the log at ten bytes a line.
 */
final class NettyLogger extends AbstractInternalLogger {
    private static final long serialVersionUID = 1;

    NettyLogger(String name) {
        super(name);
    }

    private boolean takes(Level level) {
        return Logs.target().takes(name(), level);
    }

    private void write(Level level, @Nullable String message, @Nullable Throwable thrown) {
        if (takes(level)) {
            Logs.target().write(name(), level, message, thrown);
        }
    }

    private void write(Level level, FormattingTuple formatted) {
        Logs.target().write(name(), level, formatted.getMessage(), formatted.getThrowable());
    }

    @Override
    public boolean isTraceEnabled() {
        return takes(Level.TRACE);
    }

    @Override
    public void trace(String message) {
        write(Level.TRACE, message, null);
    }

    @Override
    public void trace(String message, Throwable thrown) {
        write(Level.TRACE, message, thrown);
    }

    @Override
    public void trace(String format, Object argument) {
        if (takes(Level.TRACE)) {
            write(Level.TRACE, MessageFormatter.format(format, argument));
        }
    }

    @Override
    public void trace(String format, Object one, Object other) {
        if (takes(Level.TRACE)) {
            write(Level.TRACE, MessageFormatter.format(format, one, other));
        }
    }

    @Override
    public void trace(String format, Object... arguments) {
        if (takes(Level.TRACE)) {
            write(Level.TRACE, MessageFormatter.arrayFormat(format, arguments));
        }
    }

    @Override
    public boolean isDebugEnabled() {
        return takes(Level.DEBUG);
    }

    @Override
    public void debug(String message) {
        write(Level.DEBUG, message, null);
    }

    @Override
    public void debug(String message, Throwable thrown) {
        write(Level.DEBUG, message, thrown);
    }

    @Override
    public void debug(String format, Object argument) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.format(format, argument));
        }
    }

    @Override
    public void debug(String format, Object one, Object other) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.format(format, one, other));
        }
    }

    @Override
    public void debug(String format, Object... arguments) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.arrayFormat(format, arguments));
        }
    }

    @Override
    public boolean isInfoEnabled() {
        return takes(Level.DEBUG);
    }

    @Override
    public void info(String message) {
        write(Level.DEBUG, message, null);
    }

    @Override
    public void info(String message, Throwable thrown) {
        write(Level.DEBUG, message, thrown);
    }

    @Override
    public void info(String format, Object argument) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.format(format, argument));
        }
    }

    @Override
    public void info(String format, Object one, Object other) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.format(format, one, other));
        }
    }

    @Override
    public void info(String format, Object... arguments) {
        if (takes(Level.DEBUG)) {
            write(Level.DEBUG, MessageFormatter.arrayFormat(format, arguments));
        }
    }

    @Override
    public boolean isWarnEnabled() {
        return takes(Level.WARNING);
    }

    @Override
    public void warn(String message) {
        write(Level.WARNING, message, null);
    }

    @Override
    public void warn(String message, Throwable thrown) {
        write(Level.WARNING, message, thrown);
    }

    @Override
    public void warn(String format, Object argument) {
        if (takes(Level.WARNING)) {
            write(Level.WARNING, MessageFormatter.format(format, argument));
        }
    }

    @Override
    public void warn(String format, Object one, Object other) {
        if (takes(Level.WARNING)) {
            write(Level.WARNING, MessageFormatter.format(format, one, other));
        }
    }

    @Override
    public void warn(String format, Object... arguments) {
        if (takes(Level.WARNING)) {
            write(Level.WARNING, MessageFormatter.arrayFormat(format, arguments));
        }
    }

    @Override
    public boolean isErrorEnabled() {
        return takes(Level.ERROR);
    }

    @Override
    public void error(String message) {
        write(Level.ERROR, message, null);
    }

    @Override
    public void error(String message, Throwable thrown) {
        write(Level.ERROR, message, thrown);
    }

    @Override
    public void error(String format, Object argument) {
        if (takes(Level.ERROR)) {
            write(Level.ERROR, MessageFormatter.format(format, argument));
        }
    }

    @Override
    public void error(String format, Object one, Object other) {
        if (takes(Level.ERROR)) {
            write(Level.ERROR, MessageFormatter.format(format, one, other));
        }
    }

    @Override
    public void error(String format, Object... arguments) {
        if (takes(Level.ERROR)) {
            write(Level.ERROR, MessageFormatter.arrayFormat(format, arguments));
        }
    }
}
