package dev.sluice.proxy.app.process;

import dev.sluice.config.validate.Formats;
import dev.sluice.proxy.format.Format;
import dev.sluice.proxy.telemetry.accesslog.LogFormat;
import org.jspecify.annotations.Nullable;

/** What this proxy makes of command operators: its own compilers are asked. */
final class OperatorFormats implements Formats {
    static final Formats INSTANCE = new OperatorFormats();

    private OperatorFormats() {}

    @Override
    public @Nullable String headerProblem(String value) {
        try {
            Format.compile(value);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Override
    public @Nullable String logProblem(String format, boolean json) {
        return LogFormat.problems(format, json);
    }
}
