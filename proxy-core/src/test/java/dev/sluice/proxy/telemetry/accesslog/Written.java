package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.util.List;

/** Lines of a format, in memory. */
final class Written implements ExchangeObserver {
    private final LogFormat format;
    private final LogLine line = new LogLine();
    private final StringBuilder all = new StringBuilder();

    Written(LogFormat format) {
        this.format = format;
    }

    static Written text(String format) {
        return new Written(LogFormat.text(format));
    }

    @Override
    public void onEnd(Exchange exchange) {
        line.clear();
        format.write(exchange, line);
        line.end();
        all.append(line);
    }

    /** Everything so far. */
    String all() {
        return all.toString();
    }

    List<String> lines() {
        return all().lines().toList();
    }

    /** The only line. */
    String line() {
        List<String> lines = lines();
        if (lines.size() != 1) {
            throw new AssertionError("expected one line: " + lines);
        }
        return lines.get(0);
    }
}
