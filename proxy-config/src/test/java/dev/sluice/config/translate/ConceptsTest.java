package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The configurations that this project started from, each alone for a proxy with an outbound listener: {@code
 * concepts/NAME.yaml} comes to {@code concepts/NAME.plan}. {@code -Dgolden.write=true} as in {@link GoldenPlanTest}.
 */
class ConceptsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "concepts");
    private static final ProxyIdentity PROXY =
            ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 3128));

    @TestFactory
    List<DynamicTest> everyOneCompiles() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> inputs = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertNotEquals(0, inputs.size(), "looked for in " + FOLDER.toAbsolutePath());
            return inputs.stream()
                    .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> compare(file)))
                    .toList();
        }
    }

    private static void compare(Path file) throws IOException {
        String plan = PlanText.of(PlanCompiler.compile(Configs.of(Files.readString(file)), PROXY));
        Path golden = Path.of(file.toString().replace(".yaml", ".plan"));
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, plan);
        }
        assertEquals(Files.readString(golden), plan);
    }
}
