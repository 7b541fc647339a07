package dev.sluice.proxy.app.options;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import org.jspecify.annotations.Nullable;

/** {@code HOST:PORT} of an option. */
public final class HostPort {
    private HostPort() {}

    /** @return null when {@code text} is not given */
    public static @Nullable BindAddress parse(@Nullable String text, String option) throws UserError {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            // A number alone would listen on every address, which nobody asks for in passing.
            throw misread(text, option);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= 65535) {
                String host = text.substring(0, colon);
                if (host.startsWith("[") && host.endsWith("]")) {
                    host = host.substring(1, host.length() - 1);
                }
                return new BindAddress(host.isEmpty() || host.equals("*") ? null : host, port);
            }
        } catch (NumberFormatException e) {
            throw misread(text, option);
        }
        throw new UserError(ExitCodes.USAGE, option + ": the port of '" + text + "' is not one of 0 to 65535");
    }

    private static UserError misread(String text, String option) {
        return new UserError(ExitCodes.USAGE, option + " takes HOST:PORT, not '" + text + "'");
    }
}
