package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs h2spec, the conformance suite of HTTP/2, against a server on the loopback interface. It is a program of its own
 * ({@code go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible}): where it is missing a test is
 * skipped, and fails in CI.
 */
public final class H2Spec {
    /** Generic, HTTP/2 and HPACK: all of it. */
    public static final List<String> ALL = List.of("generic", "http2", "hpack");

    private static final int CASE_SECONDS = 60;
    private static final int RUN_MINUTES = 5;

    private H2Spec() {}

    /**
     * Outcome of a run.
     *
     * @param passed number of cases that passed
     * @param failed number that did not
     * @param output what h2spec printed
     */
    public record Report(int passed, int failed, String output) {}

    /** Runs {@code sections}, also the strict cases, in clear text. */
    public static Report run(String host, int port, List<String> sections) throws IOException, InterruptedException {
        return run(host, port, sections, false);
    }

    /** Runs {@code sections}, also the strict cases, over TLS if asked, without a look at the certificate. */
    public static Report run(String host, int port, List<String> sections, boolean tls)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "-h",
                host,
                "-p",
                Integer.toString(port),
                "-S",
                "-o",
                Integer.toString(CASE_SECONDS)));
        if (tls) {
            command.addAll(List.of("-t", "-k"));
        }
        command.addAll(sections);
        File output = File.createTempFile("h2spec", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            if (!process.waitFor(RUN_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                fail("h2spec did not end in " + RUN_MINUTES + " minutes");
            }
            return report(Files.readString(output.toPath(), StandardCharsets.UTF_8));
        } finally {
            Files.delete(output.toPath());
        }
    }

    /** The last line is {@code 146 tests, 145 passed, 1 skipped, 0 failed}. */
    private static Report report(String output) {
        String summary = output.lines()
                .filter(line -> line.contains(" passed, ") && line.contains(" failed"))
                .reduce((first, second) -> second)
                .orElseGet(() -> fail("h2spec printed no summary:\n" + output));
        return new Report(count(summary, "passed"), count(summary, "failed"), output);
    }

    private static int count(String summary, String what) {
        return Stream.of(summary.split(",", -1))
                .map(String::strip)
                .filter(part -> part.endsWith(what))
                .map(part -> Integer.parseInt(part.substring(0, part.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static Path program() {
        String home = Objects.requireNonNullElse(System.getenv("GOPATH"), System.getProperty("user.home") + "/go");
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), Stream.of(home + "/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "h2spec"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(H2Spec::missing);
    }

    private static Path missing() {
        String message = "h2spec is neither on PATH nor in the bin folder of GOPATH";
        if ("true".equals(Objects.requireNonNullElse(System.getenv("CI"), "").toLowerCase(Locale.ROOT))) {
            return fail(message);
        }
        return abort(message);
    }
}
