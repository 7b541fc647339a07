package dev.sluice.proxy.app.options;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.validate.text.HeaderText;
import dev.sluice.proxy.admin.scrape.AppMetrics;
import dev.sluice.proxy.admin.status.AppProbes;
import dev.sluice.proxy.upstream.Transport;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code demo}; each is also an environment variable {@code SLUICE_…}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RunOptions {
    private static final int MAX_DEFAULT_WORKERS = 2;
    /** Far more than any machine has use for; each has a thread and descriptors of its own. */
    private static final int MAX_WORKERS = 256;

    private static final int MAX_DRAIN_SECONDS = 86_400;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "0",
            description = "Event loops (default: cores, at most 2).")
    int workers;

    @Option(
            names = "--transport",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "What moves bytes: auto, epoll, io_uring or nio (default: auto, epoll where it loads).")
    String transport = "auto";

    @Mixin
    AdminOptions admin;

    @Option(
            names = "--outbound",
            paramLabel = "HOST:PORT",
            defaultValue = "",
            description = "Opens an explicit outbound proxy listener that routes by authority.")
    String outbound = "";

    @Option(
            names = "--intercept",
            defaultValue = "false",
            fallbackValue = "true",
            description = "Takes connections that iptables redirects: 15001 of the app, 15006 to the app.")
    boolean intercept;

    @Option(
            names = "--status",
            defaultValue = "false",
            fallbackValue = "true",
            description = "Opens 15020, 15021 and 15090 without --intercept too, for gateways.")
    boolean status;

    @Option(
            names = "--app-probes",
            paramLabel = "JSON",
            defaultValue = "",
            description = "Probes of the app that 15020 answers below /app-health/; sluice inject writes them.")
    String appProbes = "";

    @Option(
            names = "--app-metrics",
            paramLabel = "JSON",
            defaultValue = "",
            description = "Where the app's own metrics are, which 15020 tells too; sluice inject writes it.")
    String appMetrics = "";

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            description = "How long a drain may take (default: MeshConfig's terminationDrainDuration, else 5).")
    @Nullable
    Double drainSeconds;

    @Option(
            names = "--certs",
            paramLabel = "DIR",
            defaultValue = "",
            description = "Certificates: DIR/NAME/tls.crt, tls.key, ca.crt for a credentialName.")
    String certs = "";

    @Option(
            names = "--access-log",
            paramLabel = "FILE|-|off",
            defaultValue = "",
            description = "Where the access log goes (default: MeshConfig.accessLogFile, else off).")
    String accessLog = "";

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

    /** Where the admin port is to be. */
    public AdminOptions admin() {
        return admin;
    }

    /** The address of the explicit outbound listener; null for none. */
    public @Nullable BindAddress outbound() throws UserError {
        return HostPort.parse(outbound, "--outbound");
    }

    /** Whether redirected connections are taken. */
    public boolean intercept() {
        return intercept;
    }

    /** Whether health and metrics have ports of their own even where nothing is redirected. */
    public boolean status() {
        return status;
    }

    /** Where the access log goes; null where the command line does not say. */
    public @Nullable String accessLog() {
        return given(accessLog);
    }

    /** A folder of certificates that cannot be read is told at start, not with the first handshake. */
    public void checkCerts() throws UserError {
        Path unused = folder(certs);
    }

    /** The folder that {@code --certs} names; null for none. */
    public static @Nullable Path folder(String option) throws UserError {
        String folder = given(option);
        if (folder == null) {
            return null;
        }
        try {
            Path path = Path.of(folder);
            if (Files.isDirectory(path) && Files.isReadable(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new UserError(ExitCodes.REFUSED, "--certs " + folder + ": " + e.getReason());
        }
        throw new UserError(ExitCodes.REFUSED, "--certs " + folder + ": the folder cannot be read");
    }

    /** The app's probes; usage where they are none. */
    public AppProbes appProbes() throws UserError {
        try {
            return appProbes.isEmpty() ? AppProbes.none() : AppProbes.parse(appProbes);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.USAGE, "--app-probes: " + e.getMessage());
        }
    }

    /** The folder of certificates; null for none. {@link #checkCerts} comes before. */
    public @Nullable Path certs() {
        String folder = given(certs);
        return folder == null ? null : Path.of(folder);
    }

    /** Where the app tells its metrics; null where it tells none. Usage where that makes no sense. */
    public @Nullable AppMetrics appMetrics() throws UserError {
        try {
            return appMetrics.isEmpty() ? null : AppMetrics.parse(appMetrics);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.USAGE, "--app-metrics: " + e.getMessage());
        }
    }

    /** Milliseconds that a drain may take; null where the command line does not say. */
    public @Nullable Long drainMillis() throws UserError {
        if (drainSeconds == null) {
            return null;
        }
        // Also what is no number.
        if (!(drainSeconds >= 0 && drainSeconds <= MAX_DRAIN_SECONDS)) {
            throw new UserError(ExitCodes.USAGE, "--drain takes seconds, 0 to " + MAX_DRAIN_SECONDS);
        }
        return (long) (drainSeconds * 1000);
    }

    /** What moves bytes, as asked for; usage where there is no such thing. */
    public Transport.Kind transport() throws UserError {
        return switch (transport) {
            case "", "auto" -> Transport.Kind.AUTO;
            case "epoll" -> Transport.Kind.EPOLL;
            case "io_uring" -> Transport.Kind.IO_URING;
            case "nio" -> Transport.Kind.NIO;
            default -> throw new UserError(ExitCodes.USAGE, "--transport is auto, epoll, io_uring or nio");
        };
    }

    /** Event loops as asked for, else the default. */
    public int workers() throws UserError {
        if (workers < 0 || workers > MAX_WORKERS) {
            throw new UserError(
                    ExitCodes.USAGE, "--workers takes a number from 1 to " + MAX_WORKERS + ", or 0 for the default");
        }
        return workers > 0
                ? workers
                : Math.min(MAX_DEFAULT_WORKERS, Runtime.getRuntime().availableProcessors());
    }

    /** Names of the headers that inbound requests lend to outbound ones. */
    public List<String> carryHeaders() throws UserError {
        List<String> names = Environment.orElse(carryHeaders, "--carry-headers").stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (!HeaderText.isToken(name) || HeaderText.isAuthority(name)) {
                throw new UserError(ExitCodes.USAGE, "--carry-headers takes names of headers, not '" + name + "'");
            }
        }
        return names;
    }
}
