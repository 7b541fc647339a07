package dev.sluice.config.crd.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every {@code crd/NAME.yaml} gives exactly the findings of {@code crd/NAME.findings}, place by place. */
class GoldenFindingsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "crd");

    @TestFactory
    List<DynamicTest> everyFaultIsToldAtItsPlace() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> inputs = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertNotEquals(0, inputs.size(), "golden files are looked for in " + FOLDER.toAbsolutePath());
            return inputs.stream()
                    .map(file -> DynamicTest.dynamicTest(name(file), () -> compare(file)))
                    .toList();
        }
    }

    private static void compare(Path file) throws IOException {
        Path golden = FOLDER.resolve(name(file).replace(".yaml", ".findings"));
        FileContent content =
                new CrdReader(Set.of("WasmPlugin", "TLSRoute")).read(name(file), Files.readAllBytes(file));
        String told = content.findings().stream().map(Finding::text).collect(Collectors.joining("\n", "", "\n"));
        assertEquals(Files.readString(golden), told);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
