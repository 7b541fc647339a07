package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice wait}: for postStart hooks, so that an app starts when its proxy serves. */
@Command(
        name = "wait",
        description = "Waits until a running proxy is ready: asks its admin port.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class WaitCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 100;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = AdminOptions.DEFAULT,
            description = "Its admin address (default: " + AdminOptions.DEFAULT + ").")
    private String admin;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private double timeoutSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        BindAddress address = HostPort.parse(admin, "--admin");
        if (address == null || address.port() == 0) {
            throw new UserError(ExitCodes.USAGE, "--admin takes HOST:PORT, not '" + admin + "'");
        }
        BindAddress reached = address.host() == null ? new BindAddress("127.0.0.1", address.port()) : address;
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://" + reached + "/ready"))
                .timeout(Duration.ofSeconds(1))
                .build();
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
        long endNanos = System.nanoTime() + (long) (timeoutSeconds * 1e9);
        String last;
        CountDownLatch never = new CountDownLatch(1);
        do {
            last = ask(client, question);
            if (last.isEmpty()) {
                return ExitCodes.OK;
            }
        } while (System.nanoTime() - endNanos < 0 && !never.await(POLL_MILLIS, TimeUnit.MILLISECONDS));
        spec.commandLine().getErr().println("sluice: " + reached + " did not become ready: " + last);
        return ExitCodes.REFUSED;
    }

    /** Empty when it is ready, else why it is not. */
    private static String ask(HttpClient client, HttpRequest question) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(question, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? ""
                    : answer.statusCode() + " " + answer.body().strip();
        } catch (IOException e) {
            return e.getMessage() == null ? "nothing answers" : e.getMessage();
        }
    }
}
