package dev.sluice.proxy.app.options;

import dev.sluice.config.crd.tree.Quote;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Something the user can mend: one line that names it, and an exit code. */
public final class UserError extends Exception {
    private final int exitCode;

    /** @param message one line */
    public UserError(int exitCode, @Nullable String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** See {@link ExitCodes}. */
    public int exitCode() {
        return exitCode;
    }

    /** CONFIG is empty, what a script leaves of a variable that is not set; to Java that is the current folder. */
    public static UserError emptyConfig() {
        return new UserError(ExitCodes.USAGE, "CONFIG is empty; name a file or a folder, such as .");
    }

    /** Writes the line; the exit code. */
    public int tell(PrintWriter err) {
        err.println("sluice: " + Quote.clean(String.valueOf(getMessage())));
        return exitCode;
    }
}
