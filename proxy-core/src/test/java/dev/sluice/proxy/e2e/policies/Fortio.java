package dev.sluice.proxy.e2e.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs fortio, the load generator that docs/traffic.md teaches to test a breaker with, on the loopback interface. It is a
 * program of its own ({@code go install fortio.org/fortio@v1.66.5}): where it is missing a test is skipped, and fails in CI.
 */
final class Fortio {
    private static final int RUN_MINUTES = 3;

    private Fortio() {}

    /** How many answers there were of each status, of {@code calls} made by {@code clients} at once, as fast as they can. */
    static Map<Integer, Integer> load(String url, int clients, int calls, String... further)
            throws IOException, InterruptedException {
        Path result = Files.createTempFile("fortio", ".json");
        Path output = Files.createTempFile("fortio", ".txt");
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "load",
                "-c",
                Integer.toString(clients),
                "-n",
                Integer.toString(calls),
                "-qps",
                "0",
                "-timeout",
                "2m",
                "-loglevel",
                "Error",
                "-json",
                result.toString()));
        command.addAll(List.of(further));
        command.add(url);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(RUN_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                fail("fortio did not end in " + RUN_MINUTES + " minutes");
            }
            assertEquals(0, process.exitValue(), Files.readString(output));
            Map<Integer, Integer> codes = new TreeMap<>();
            JsonNode counted = new ObjectMapper().readTree(result.toFile()).get("RetCodes");
            counted.properties()
                    .forEach(code -> codes.put(
                            Integer.valueOf(code.getKey()), code.getValue().asInt()));
            return codes;
        } finally {
            Files.delete(result);
            Files.delete(output);
        }
    }

    private static Path program() {
        String home = Objects.requireNonNullElse(System.getenv("GOPATH"), System.getProperty("user.home") + "/go");
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), Stream.of(home + "/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "fortio"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(Fortio::missing);
    }

    private static Path missing() {
        String message = "fortio is neither on PATH nor in the bin folder of GOPATH";
        if ("true".equals(Objects.requireNonNullElse(System.getenv("CI"), "").toLowerCase(Locale.ROOT))) {
            return fail(message);
        }
        return abort(message);
    }
}
