package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.app.Train;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training as the launcher starts it: a process of its own, which ends with 0 only when all went well. */
class TrainIT {
    @TempDir
    private Path folder;

    @Test
    void runsTrafficThroughAProxyAndLoadsNothingThatCannotBeArchived() throws Exception {
        Path log = folder.resolve("classes");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-Djava.io.tmpdir=" + folder,
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Train.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            assertTrue(process.waitFor(10, TimeUnit.MINUTES), "the training does not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("out")));
        List<String> loaded = Files.readAllLines(log);
        assertEquals(
                List.of(),
                loaded.stream().filter(line -> line.contains(" picocli.")).toList());
        assertTrue(loaded.stream().anyMatch(line -> line.contains("H2ServerHandler ")), "no HTTP/2 was seen");
        try (var left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("sluice-train"))
                            .toList());
        }
    }
}
