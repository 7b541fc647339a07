package dev.sluice.proxy.app;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options as environment variables; a repeatable one is separated by commas there, and only there. */
final class Environment {
    private Environment() {}

    /** What was given on the command line, else the variable's items, else nothing. */
    static List<String> orElse(@Nullable List<String> given, String variable) {
        if (given != null) {
            return given;
        }
        String value = System.getenv(variable);
        if (value == null) {
            return List.of();
        }
        return Arrays.stream(value.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
