package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.app.demo.DemoServices;
import dev.sluice.proxy.app.options.AdminOptions;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.ConfigSession;
import dev.sluice.proxy.app.process.ProcessLogs;
import dev.sluice.proxy.app.process.ProxyProcess;
import dev.sluice.proxy.telemetry.ProcessLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: Bookinfo in one process, steered by the checked-in folder {@code examples/bookinfo}. */
@Command(
        name = "demo",
        description = "Bookinfo in one process: upstreams on loopback, a gateway on :8080.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
    private static final String FOLDER = "examples/bookinfo";
    private static final int HTTP = 80;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--home",
            hidden = true,
            defaultValue = "${sys:sluice.home:-.}",
            description = "Where examples/bookinfo is.")
    private Path home;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        Path folder = home.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            throw new UserError(ExitCodes.REFUSED, folder + ": the demo's configuration is missing");
        }
        PrintWriter out = spec.commandLine().getOut();
        IdentityOptions identity = new IdentityOptions();
        ConfigSession session =
                ConfigSession.open(List.of(folder.toString()), identity, options.outbound(), options.carryHeaders());
        try (ProcessLog log = ProcessLogs.open();
                ProxyProcess process = ProxyProcess.start(
                        session, options, log, spec.commandLine().getErr());
                DemoServices services = services(process)) {
            process.takeSignals();
            introduce(out, process, services);
            Thread line = new Thread(() -> liveLine(out, services), "sluice-demo-line");
            line.setDaemon(true);
            line.start();
            process.awaitStop();
            line.interrupt();
            line.join();
            out.println();
            out.println("stopping");
            out.flush();
            return process.drain();
        }
    }

    private static DemoServices services(ProxyProcess process) throws UserError {
        try {
            return DemoServices.start(
                    process.proxy().snapshot().plan(), process.proxy().transport());
        } catch (IOException e) {
            throw new UserError(ExitCodes.CANNOT_BIND, e.getMessage());
        }
    }

    private static void introduce(PrintWriter out, ProxyProcess process, DemoServices services) {
        String gateway = "localhost:" + gatewayPort(process);
        out.println(process.readyLine());
        out.println();
        out.println("Bookinfo in one process: " + services.names());
        out.println("gateway http://" + gateway + ", configuration " + FOLDER + " (edit it: it reloads)");
        if (!process.adminAddress().equals(AdminOptions.OFF)) {
            out.println("admin on http://" + process.adminAddress() + ": what runs, metrics, explain");
        }
        out.println();
        out.println("Try, in another terminal:");
        out.println("  for i in 1 2 3 4 5 6 7 8; do curl -s " + gateway + "/reviews/1; done    # split 50/25/25");
        out.println("  curl -s -H 'end-user: jason' " + gateway + "/reviews/1                  # always v2");
        out.println("  ./sluice explain " + FOLDER + " GET http://" + gateway + "/reviews/1 -H 'end-user: jason'");
        out.println();
        out.println("Ctrl-C stops.");
        out.flush();
    }

    /** As the configuration says, which the reader may have edited. */
    private static int gatewayPort(ProxyProcess process) {
        return process.listeners().stream()
                .filter(listener -> listener.kind() == ListenerPlan.Kind.GATEWAY)
                .map(listener ->
                        process.proxy().listeners().address(listener.bind()).getPort())
                .findFirst()
                .orElse(HTTP);
    }

    /** Whether standard output is one; the JDK's own answer changed its meaning with 22. */
    private static boolean isTerminal() {
        try {
            String output = Path.of("/proc/self/fd/1").toRealPath().toString();
            return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
        } catch (IOException e) {
            // Not Linux: whole lines serve everywhere.
            return false;
        }
    }

    /** Once a second, when something was answered: what went where. Over itself on a terminal, line by line elsewhere. */
    private static void liveLine(PrintWriter out, DemoServices services) {
        boolean terminal = isTerminal();
        String shown = services.counts();
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                String counts = services.counts();
                if (!counts.equals(shown)) {
                    shown = counts;
                    out.print(terminal ? "\r" + counts : counts + System.lineSeparator());
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
