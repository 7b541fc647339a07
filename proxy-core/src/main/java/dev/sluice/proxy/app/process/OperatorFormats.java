package dev.sluice.proxy.app.process;

import dev.sluice.config.validate.Formats;
import dev.sluice.proxy.format.Format;
import dev.sluice.proxy.telemetry.accesslog.LogFormat;
import org.jspecify.annotations.Nullable;

/** What this proxy makes of command operators: its own compilers are asked, which name the first thing that is wrong. */
final class OperatorFormats implements Formats {
    static final Formats INSTANCE = new OperatorFormats();

    private OperatorFormats() {}

    @Override
    public @Nullable String headerProblem(String value) {
        return problem(() -> Format.compile(value));
    }

    @Override
    public @Nullable String logProblem(String format, boolean json) {
        return problem(() -> {
            if (json) {
                LogFormat.json(format);
            } else {
                LogFormat.text(format);
            }
        });
    }

    private static @Nullable String problem(Runnable compiler) {
        try {
            compiler.run();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
