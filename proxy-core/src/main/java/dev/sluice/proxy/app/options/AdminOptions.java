package dev.sluice.proxy.app.options;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.admin.http.AdminServer;
import dev.sluice.proxy.admin.http.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the admin port is, and who may use it. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AdminOptions {
    /** What stands for no admin port. */
    public static final String OFF = "off";

    static final String DEFAULT = "127.0.0.1:15000";

    private static final long MAX_TOKEN_BYTES = 4096;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT|off",
            defaultValue = DEFAULT,
            description = "Admin address (default: " + DEFAULT + "); beyond loopback it needs --admin-token.")
    String admin = DEFAULT;

    @Option(
            names = "--admin-token",
            paramLabel = "FILE",
            defaultValue = "",
            description = "A file with the token that changes on the admin port must carry.")
    String tokenFile = "";

    /**
     * What was asked for.
     *
     * @param token null for none
     */
    public record Wanted(BindAddress address, @Nullable AdminToken token) {}

    /** What was asked for; null when the port is off. */
    public @Nullable Wanted wanted() throws UserError {
        if (admin.equals(OFF)) {
            return null;
        }
        BindAddress address = HostPort.parse(admin, "--admin");
        if (address == null) {
            throw new UserError(ExitCodes.USAGE, "--admin takes HOST:PORT or off");
        }
        AdminToken token = token(RunOptions.given(tokenFile));
        if (token == null && AdminServer.isBeyondLoopback(address)) {
            throw new UserError(
                    ExitCodes.USAGE,
                    "--admin " + admin + " is reachable from other hosts: it needs --admin-token FILE");
        }
        return new Wanted(address, token);
    }

    private static @Nullable AdminToken token(@Nullable String file) throws UserError {
        if (file == null) {
            return null;
        }
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_TOKEN_BYTES) {
                throw new UserError(ExitCodes.REFUSED, "--admin-token " + file + ": too long for a token");
            }
            return AdminToken.of(Files.readString(path));
        } catch (IOException | InvalidPathException e) {
            throw new UserError(ExitCodes.REFUSED, "--admin-token " + file + ": the file cannot be read");
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.REFUSED, "--admin-token " + file + ": " + e.getMessage());
        }
    }
}
