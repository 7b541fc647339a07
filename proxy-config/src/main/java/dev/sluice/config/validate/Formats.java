package dev.sluice.config.validate;

import org.jspecify.annotations.Nullable;

/**
 * What the proxy that will run a configuration makes of texts with command operators, {@code %PROTOCOL%}. It is asked
 * rather than copied here, so that {@code check} says what will happen. Pure; any thread.
 */
public interface Formats {
    /** Takes everything. */
    Formats ANY = new Formats() {
        @Override
        public @Nullable String headerProblem(String value) {
            return null;
        }

        @Override
        public @Nullable String logProblem(String format, boolean json) {
            return null;
        }
    };

    /** Why a header's value will lack something; null when it is right. */
    @Nullable
    String headerProblem(String value);

    /**
     * Why lines of the access log will not be as written; null when they will.
     *
     * @param json whether the format is a JSON object
     */
    @Nullable
    String logProblem(String format, boolean json);
}
