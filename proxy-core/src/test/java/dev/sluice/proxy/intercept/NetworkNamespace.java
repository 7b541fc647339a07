package dev.sluice.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of a test's own: made, used through {@code ip netns exec}, and removed with all that runs in it. */
final class NetworkNamespace {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long PATIENCE_SECONDS = 120;

    private final String name;
    private final List<Process> processes = new ArrayList<>();

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /** What a program printed, and how it ended. */
    record Ended(int exit, String output) {}

    /** Skips the test where there are no namespaces to be had, with the reason; fails it in CI. */
    static void need(String... programs) throws IOException, InterruptedException {
        List<String> missing = Stream.concat(Stream.of("ip", "setpriv", "bash"), Stream.of(programs))
                .filter(program -> Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .toList();
        String reason = "";
        if (!missing.isEmpty()) {
            reason = "needs " + String.join(", ", missing) + " (Debian: iproute2, util-linux, iptables, nftables)";
        } else if (host("unshare", "-n", "true").exit() != 0) {
            reason = "needs root, to make network namespaces";
        }
        if (reason.isEmpty()) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason);
        }
        Assumptions.abort("skipped: " + reason);
    }

    static NetworkNamespace make() throws IOException, InterruptedException {
        // Names are short: an interface's is cut out of them.
        NetworkNamespace made =
                new NetworkNamespace("sl" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet());
        succeeds(host("ip", "netns", "add", made.name));
        made.runs("ip", "link", "set", "lo", "up");
        return made;
    }

    /** As {@code ip} knows it. */
    String name() {
        return name;
    }

    /** Ties two together by an interface {@code eth0} at each end. */
    static void connect(NetworkNamespace one, NetworkNamespace other) throws IOException, InterruptedException {
        succeeds(host(
                "ip",
                "link",
                "add",
                "eth0",
                "netns",
                one.name,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                other.name));
        one.runs("ip", "link", "set", "eth0", "up");
        other.runs("ip", "link", "set", "eth0", "up");
    }

    /** Gives {@code eth0} an address with its prefix; an IPv6 one is usable at once. */
    void address(String address) throws IOException, InterruptedException {
        if (address.indexOf(':') < 0) {
            runs("ip", "addr", "add", address, "dev", "eth0");
        } else {
            runs("ip", "addr", "add", address, "dev", "eth0", "nodad");
        }
    }

    /** Runs a program to its end and returns what it printed; fails if it fails. */
    String runs(String... command) throws IOException, InterruptedException {
        return succeeds(host(inside(List.of(command)).toArray(String[]::new)));
    }

    /** Runs a program to its end as a user and group of that id. */
    Ended as(int id, String... command) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid", "" + id, "--regid", "" + id, "--clear-groups"));
        line.addAll(List.of(command));
        return host(inside(line).toArray(String[]::new));
    }

    /** Starts a program, which lives as long as this at most. */
    Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(inside(command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    /** The tools of the product, run in here. */
    Commands commands() {
        Commands outside = new SystemCommands(Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
                .map(Path::of)
                .toList());
        return new Commands() {
            @Override
            public boolean has(String program) {
                return outside.has(program);
            }

            @Override
            public Outcome run(List<String> command, String input) throws InterceptionException {
                return outside.run(inside(command), input);
            }
        };
    }

    private List<String> inside(List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(command);
        return line;
    }

    private static Ended host(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var unused = process.onExit()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    process.destroyForcibly();
                    return process;
                });
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static String succeeds(Ended ended) {
        assertEquals(0, ended.exit(), ended.output());
        return ended.output();
    }

    /** Ends what runs in it and removes it. */
    void remove() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        succeeds(host("ip", "netns", "del", name));
    }
}
