package dev.sluice.proxy.telemetry.accesslog;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with a format, not only what comes first in it. */
final class FormatProblems {
    private static final String PREFIX = "access log format: ";

    private final Set<String> found = new LinkedHashSet<>();

    private FormatProblems() {}

    /** Null for a format that is right. */
    static @Nullable String of(String format, boolean json) {
        return new FormatProblems().read(format, json);
    }

    private @Nullable String read(String format, boolean json) {
        try {
            if (json) {
                JsonFormat.build(format, FormatPart::parse, this::compile);
            } else {
                TextFormat.build(FormatPart.parse(format.stripTrailing()), this::compile);
            }
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        return found.isEmpty() ? null : PREFIX + String.join("; ", found);
    }

    private LogField compile(FormatPart.Operator operator) {
        try {
            return Operators.compile(operator);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            found.add(why.startsWith(PREFIX) ? why.substring(PREFIX.length()) : why);
            return LogField.NEVER;
        }
    }
}
