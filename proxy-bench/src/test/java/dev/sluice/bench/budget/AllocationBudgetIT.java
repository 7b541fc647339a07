package dev.sluice.bench.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.upstream.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Holds what an exchange and its stages allocate against {@code allocation-budget.txt}. Bytes are steady where times are
 * not: a change that makes each request dearer fails here, on whatever machine.
 */
class AllocationBudgetIT {
    private static final Path BUDGET = Path.of("allocation-budget.txt");
    /** It takes seconds; on a busy core minutes. */
    private static final int PATIENCE_MINUTES = 15;

    private static final Path LOWERED = Path.of("target", "allocation-budget.txt");

    @Test
    void noOperationAllocatesMoreThanItsBudgetAndNoBudgetIsLooserThanItNeedsToBe()
            throws IOException, InterruptedException {
        assumeTrue(Transport.best() == Transport.Kind.EPOLL, "the figures are those of epoll");
        Budget budget = Budget.read(BUDGET);
        Map<String, Long> measured = measure();
        List<String> lowered = budget.lowered(measured);
        Files.write(LOWERED, lowered);
        assertEquals(
                List.of(),
                budget.complaints(measured),
                () -> "proxy-bench/" + BUDGET + ", with what can be lowered lowered, is proxy-bench/" + LOWERED + ":\n"
                        + String.join("\n", lowered) + "\n");
    }

    /** In a process of its own: without the leak detector of the tests, which allocates for each buffer, and without C2. */
    private static Map<String, Long> measure() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dio.netty.leakDetection.level=disabled"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AllocationMeter.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var unused = process.onExit()
                .orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES)
                .exceptionally(late -> process.destroyForcibly());
        Map<String, Long> measured = new LinkedHashMap<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", -1);
                measured.put(words[0], Long.parseLong(words[1]));
            }
        }
        assertEquals(0, process.waitFor(), "exit code of the meter");
        return measured;
    }
}
