package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LineSink;
import dev.sluice.proxy.telemetry.line.LogLine;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One line for each exchange, and for each connection of bytes, that ended. Formatting happens on the exchange's event loop, into a line that the loop keeps
 * for this; writing happens elsewhere and never holds the loop up.
 *
 * <p>Thread-safe; {@link #format} and {@link #reopen} are called by the configuration thread and by signals.
 */
public final class AccessLog implements ExchangeObserver, TcpObserver {
    /** Of each of the sink's two buffers, for a stream that stands still: about 2,500 lines, or 50 ms of 50,000 requests a second. */
    private static final int BUFFER_BYTES = 1024 * 1024;

    private final LineSink sink;
    private final FastThreadLocal<LogLine> lines = new FastThreadLocal<>() {
        @Override
        protected LogLine initialValue() {
            return new LogLine();
        }
    };
    private volatile LogFormat format;

    /** Writes lines of {@code format} into {@code sink}. */
    public AccessLog(LogFormat format, LineSink sink) {
        this.format = format;
        this.sink = sink;
    }

    /**
     * Opens the log.
     *
     * @param target as {@link AccessLogTarget#of} reads it
     * @return null when the target is off
     * @throws IOException names the target and why it cannot be opened
     */
    public static @Nullable AccessLog open(String target, LogFormat format) throws IOException {
        LineSink.Target opened = AccessLogTarget.of(target);
        if (opened == null) {
            return null;
        }
        try {
            return new AccessLog(format, new LineSink("access-log", opened, BUFFER_BYTES));
        } catch (IOException e) {
            throw new IOException(
                    "cannot open the access log " + AccessLogTarget.describe(target) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void onEnd(Exchange exchange) {
        LogLine line = lines.get();
        line.clear();
        format.write(exchange, line);
        line.end();
        sink.write(line);
    }

    @Override
    public void onEnd(TcpSession session) {
        LogLine line = lines.get();
        line.clear();
        format.write(session, line);
        line.end();
        sink.write(line);
    }

    /** Takes over the format of a reload. */
    public void format(LogFormat newer) {
        format = newer;
    }

    /** Opens the file again before the next write: SIGUSR1, after a rotation. */
    public void reopen() {
        sink.reopen();
    }

    /** Lines dropped since the start. */
    public long dropped() {
        return sink.dropped();
    }

    /** Writes what is queued and closes the target; waits for at most two seconds. */
    public boolean close() throws InterruptedException {
        return sink.close();
    }
}
