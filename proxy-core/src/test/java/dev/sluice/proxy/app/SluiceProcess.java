package dev.sluice.proxy.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A process of {@code sluice} as a user starts it, without the launcher. */
final class SluiceProcess implements AutoCloseable {
    /** For its whole life, on a busy machine. No test may hang on reading what it writes, which cannot be interrupted. */
    private static final long PATIENCE_SECONDS = 50;

    private final Process process;
    private final BufferedReader out;
    private final Path err;

    private SluiceProcess(Process process, Path err) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = err;
    }

    /** How a process ended. */
    record Ended(int exit, List<String> out, List<String> err) {}

    /** Starts one; none of this process's own {@code SLUICE_…} reaches it. */
    static SluiceProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        // Test libraries bring SLF4J along without a logger, and it says so on standard error; the product has none of
        // it.
        command.add("-Dslf4j.internal.verbosity=ERROR");
        if (Runtime.version().feature() >= 24) {
            // As the launcher does: else the JDK writes warnings about Netty among the lines of standard error.
            command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("sluice", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        var unused = process.onExit()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    process.destroyForcibly();
                    return process;
                });
        return new SluiceProcess(process, err);
    }

    /** Runs one to its end. */
    static Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        try (SluiceProcess process = start(environment, arguments)) {
            return process.await();
        }
    }

    /** The next line on standard output; null at its end. */
    @Nullable
    String line() throws IOException {
        return out.readLine();
    }

    /** Lines on standard output up to the one that is looked for, that one included. */
    List<String> linesTo(Predicate<String> last) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        while ((line = out.readLine()) != null) {
            lines.add(line);
            if (last.test(line)) {
                return lines;
            }
        }
        throw new AssertionError("standard output ended after " + lines + ", standard error " + err());
    }

    void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " ended with " + exit);
        }
    }

    /** Waits for its end; the rest of standard output. */
    Ended await() throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>();
        String line;
        while ((line = out.readLine()) != null) {
            rest.add(line);
        }
        return new Ended(process.waitFor(), rest, err());
    }

    List<String> err() throws IOException {
        return Files.readAllLines(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(err);
    }
}
