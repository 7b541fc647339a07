package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.QuickRun;
import dev.sluice.proxy.app.options.QuickWait;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.RunLife;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Entry point. */
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code (contract.md). */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs a command; returns its exit code. */
    public static int run(String... args) {
        return run(StandardOutput.writer(), new PrintWriter(System.err, true, StandardCharsets.UTF_8), args);
    }

    /** Runs a command that writes to {@code out} and {@code err}; returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        try {
            QuickWait quickWait = QuickWait.parse(args);
            if (quickWait != null) {
                return WaitCommand.wait(quickWait.options(), err);
            }
            QuickRun quickRun = QuickRun.parse(args);
            if (quickRun != null) {
                return RunLife.run(quickRun.identity(), quickRun.options(), out, err);
            }
        } catch (UserError error) {
            return error.tell(err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("sluice: interrupted");
            return ExitCodes.REFUSED;
        }
        return Commands.line().setOut(out).setErr(err).execute(args);
    }
}
