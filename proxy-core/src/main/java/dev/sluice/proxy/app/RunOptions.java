package dev.sluice.proxy.app;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code demo}; each is also an environment variable {@code SLUICE_…}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunOptions {
    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "${env:SLUICE_WORKERS:-0}",
            description = "Event loops (default: cores, at most 2).")
    int workers;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT|off",
            defaultValue = "${env:SLUICE_ADMIN:-off}",
            description = "Admin address; this version has no admin port yet.")
    String admin;

    @Option(
            names = "--outbound",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:SLUICE_OUTBOUND:-}",
            description = "Opens an explicit outbound proxy listener that routes by authority.")
    String outbound;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:SLUICE_DRAIN:-5}",
            description = "How long a drain may take (default: ${DEFAULT-VALUE}).")
    double drainSeconds;

    @Option(
            names = "--access-log",
            paramLabel = "FILE|-|off",
            defaultValue = "${env:SLUICE_ACCESS_LOG:-}",
            description = "Where the access log goes (default: MeshConfig.accessLogFile, else off).")
    String accessLog;

    @Option(
            names = "--carry-headers",
            paramLabel = "a,b",
            split = ",",
            description = "Headers carried from inbound to outbound requests by trace id.")
    @Nullable
    List<String> carryHeaders;

    /** Text of an option that was not given is empty: null then. */
    static @Nullable String given(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    /** The option is accepted, as the ready line's {@code admin=off} is the answer; but not in silence. */
    void warnOfAdmin(PrintWriter err) {
        if (!admin.equals("off")) {
            err.println("sluice: --admin " + admin + ": this version has no admin port yet, nothing listens there");
            err.flush();
        }
    }

    List<String> carryHeaders() {
        return Environment.orElse(carryHeaders, "SLUICE_CARRY_HEADERS");
    }
}
