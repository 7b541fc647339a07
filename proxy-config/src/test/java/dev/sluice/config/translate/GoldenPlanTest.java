package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder {@code translate/NAME} compiles to exactly its {@code expected.plan}, for the proxy of its {@code
 * identity.properties}. Run with {@code -Dgolden.write=true} to write what comes out, then read the difference.
 */
class GoldenPlanTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "translate");

    @TestFactory
    List<DynamicTest> everyConfigurationComesToItsPlan() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            List<Path> cases = folders.filter(Files::isDirectory).sorted().toList();
            assertNotEquals(0, cases.size(), "golden folders are looked for in " + FOLDER.toAbsolutePath());
            return cases.stream()
                    .map(folder -> DynamicTest.dynamicTest(String.valueOf(folder.getFileName()), () -> compare(folder)))
                    .toList();
        }
    }

    private static void compare(Path folder) throws IOException {
        String plan = PlanText.of(PlanCompiler.compile(Configs.folder(folder), identity(folder)));
        Path golden = folder.resolve("expected.plan");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, plan);
        }
        assertEquals(Files.readString(golden), plan);
    }

    static ProxyIdentity identity(Path folder) throws IOException {
        Properties written = new Properties();
        Path file = folder.resolve("identity.properties");
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                written.load(in);
            }
        }
        ProxyIdentity identity = ProxyIdentity.of(written.getProperty("namespace", "default"))
                .withLocality(written.getProperty("locality", ""))
                .withRole(ProxyIdentity.Role.valueOf(written.getProperty("role", "SIDECAR")))
                .withIntercept(Boolean.parseBoolean(written.getProperty("intercept", "false")));
        Map<String, String> labels = new TreeMap<>();
        for (String label : written.getProperty("labels", "").split(",", -1)) {
            if (!label.isEmpty()) {
                labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
            }
        }
        String outbound = written.getProperty("outbound");
        if (outbound != null) {
            int colon = outbound.lastIndexOf(':');
            identity = identity.withOutbound(
                    new BindAddress(outbound.substring(0, colon), Integer.parseInt(outbound.substring(colon + 1))));
        }
        return identity.withLabels(labels);
    }
}
