package dev.sluice.proxy.app;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Something the user can mend: one line that names it, and an exit code. */
final class UserError extends Exception {
    private final int exitCode;

    UserError(int exitCode, @Nullable String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    /** Writes the line; the exit code. */
    int tell(PrintWriter err) {
        err.println("sluice: " + getMessage());
        return exitCode;
    }
}
