package dev.sluice.proxy.app.options;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.app.ready.ReadyQuestion;
import dev.sluice.proxy.app.ready.Waiting;
import java.net.URI;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of {@code wait}; those of Istio's {@code pilot-agent wait} mean the same. */
public final class WaitOptions {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HTTP = 80;
    private static final String SECONDS = "60";
    private static final String PERIOD = "100";
    private static final String REQUEST = "1000";

    /** Health alone, where interception or {@code --status} opens it. */
    private static final ReadyQuestion STATUS = new ReadyQuestion(LOOPBACK, 15021, "/healthz/ready");

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT|off",
            defaultValue = "",
            description = "Its admin address; off: it has none (default: 15021 where it is open, else "
                    + AdminOptions.DEFAULT + ").")
    String admin = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "",
            description = "What to ask instead, as http://localhost:15021/healthz/ready.")
    String url = "";

    @Option(
            names = {"--timeout", "--timeoutSeconds"},
            paramLabel = "SECONDS",
            defaultValue = SECONDS,
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    double timeoutSeconds = Double.parseDouble(SECONDS);

    @Option(
            names = "--periodMillis",
            paramLabel = "N",
            defaultValue = PERIOD,
            description = "Between two questions (default: ${DEFAULT-VALUE}).")
    int periodMillis = Integer.parseInt(PERIOD);

    @Option(
            names = "--requestTimeoutMillis",
            paramLabel = "N",
            defaultValue = REQUEST,
            description = "For one answer (default: ${DEFAULT-VALUE}).")
    int requestMillis = Integer.parseInt(REQUEST);

    /** What is to be done. */
    public Waiting waiting() throws UserError {
        // Also what is no number.
        if (!(timeoutSeconds >= 0) || periodMillis < 0 || requestMillis < 1) {
            throw new UserError(ExitCodes.USAGE, "times are not below 0, and that for an answer not 0");
        }
        return new Waiting(questions(), timeoutSeconds, periodMillis, requestMillis);
    }

    private List<ReadyQuestion> questions() throws UserError {
        if (!url.isEmpty()) {
            return List.of(byUrl());
        }
        if (admin.equals(AdminOptions.OFF)) {
            return List.of(STATUS);
        }
        return admin.isEmpty() ? List.of(STATUS, admin(AdminOptions.DEFAULT)) : List.of(admin(admin));
    }

    private static ReadyQuestion admin(String text) throws UserError {
        BindAddress address = HostPort.parse(text, "--admin");
        if (address == null || address.port() == 0) {
            throw new UserError(ExitCodes.USAGE, "--admin takes HOST:PORT or off, not '" + text + "'");
        }
        return new ReadyQuestion(address.host() == null ? LOOPBACK : address.host(), address.port(), "/ready");
    }

    private ReadyQuestion byUrl() throws UserError {
        try {
            URI uri = URI.create(url);
            String host = uri.getHost();
            if (host != null && "http".equals(uri.getScheme())) {
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                return new ReadyQuestion(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort() < 0 ? HTTP : uri.getPort(),
                        uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.USAGE, "--url: " + e.getMessage());
        }
        throw new UserError(ExitCodes.USAGE, "--url takes http://HOST:PORT/PATH, not '" + url + "'");
    }
}
