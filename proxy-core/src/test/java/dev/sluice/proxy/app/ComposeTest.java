package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What docker/compose.yaml says fits what it names: the program's commands, its files, its ports, its other services. */
class ComposeTest {
    /** Tests run in their module's folder. */
    private static final Path DOCKER = Path.of("..", "docker");

    /** Of the Compose specification, those in use here; another one is a misspelling, or belongs here. */
    private static final Set<String> FIELDS = Set.of(
            "image",
            "command",
            "networks",
            "network_mode",
            "cap_drop",
            "cap_add",
            "read_only",
            "tmpfs",
            "depends_on",
            "security_opt",
            "mem_limit",
            "volumes",
            "ports",
            "environment");

    private Map<String, Object> compose;

    private static Map<String, Object> yaml(Path file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    @BeforeEach
    void read() throws IOException {
        compose = yaml(DOCKER.resolve("compose.yaml"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(Object value) {
        return value == null ? List.of() : (List<String>) value;
    }

    private Map<String, Object> service(String name) {
        Map<String, Object> services = map(compose.get("services"));
        assertTrue(services.containsKey(name), name);
        return map(services.get(name));
    }

    private Iterable<Map.Entry<String, Object>> services() {
        return map(compose.get("services")).entrySet();
    }

    @Test
    void servicesNameFieldsServicesAndNetworksThatThereAre() {
        Set<String> networks = map(compose.get("networks")).keySet();
        for (Map.Entry<String, Object> entry : services()) {
            Map<String, Object> service = map(entry.getValue());
            assertTrue(FIELDS.containsAll(service.keySet()), () -> entry.getKey() + " has " + service.keySet());
            if (service.get("network_mode") instanceof String mode) {
                assertTrue(mode.startsWith("service:"), mode);
                service(mode.substring("service:".length()));
                assertFalse(service.containsKey("networks"), () -> entry.getKey() + " is in another's network");
            }
            if (service.get("depends_on") instanceof Map<?, ?> others) {
                others.keySet().forEach(other -> service(String.valueOf(other)));
            }
            Object joined = service.get("networks");
            assertTrue(
                    networks.containsAll(joined instanceof Map<?, ?> named ? named.keySet() : list(joined)),
                    () -> entry.getKey() + " is in " + joined);
        }
    }

    @Test
    void whatIsMountedIsThere() {
        for (Map.Entry<String, Object> entry : services()) {
            for (String volume : list(map(entry.getValue()).get("volumes"))) {
                assertTrue(Files.exists(DOCKER.resolve(volume.split(":", -1)[0])), volume);
                assertTrue(volume.endsWith(":ro"), volume);
            }
        }
    }

    @Test
    void imagesOfThisRepositoryAreGivenCommandsThatTheyHaveAndFilesThatTheyTake() throws IOException {
        String build = Files.readString(DOCKER.resolve("build.sh"));
        int own = 0;
        for (Map.Entry<String, Object> entry : services()) {
            Map<String, Object> service = map(entry.getValue());
            String image = String.valueOf(service.get("image"));
            if (!image.startsWith("sluice")) {
                continue;
            }
            own++;
            assertTrue(build.contains("name=" + image + "\n") || build.contains("name=" + image + " "), image);
            if (service.containsKey("command")) {
                Commands.line().parseArgs(list(service.get("command")).toArray(String[]::new));
            }
            for (String volume : list(service.get("volumes"))) {
                StringWriter out = new StringWriter();
                String folder = DOCKER.resolve(volume.split(":", -1)[0]).toString();
                int exit = Commands.line().setOut(new PrintWriter(out)).execute("check", folder);
                assertEquals("0 ", exit + " " + out);
            }
        }
        assertEquals(4, own);
    }

    @Test
    void prometheusAsksTheSidecarWhereItAnswers() throws IOException {
        Map<String, Object> prometheus = yaml(DOCKER.resolve("compose/prometheus.yml"));
        Map<String, Object> job = map(((List<?>) prometheus.get("scrape_configs")).get(0));
        assertEquals("/stats/prometheus", job.get("metrics_path"));
        Map<String, Object> targets = map(((List<?>) job.get("static_configs")).get(0));
        assertEquals(List.of("app:15020"), targets.get("targets"));
        assertEquals("service:app", service("sidecar").get("network_mode"), "so that it is at the app's address");
        assertTrue(list(service("sidecar").get("command")).contains("--intercept"), "which opens 15020");
    }
}
