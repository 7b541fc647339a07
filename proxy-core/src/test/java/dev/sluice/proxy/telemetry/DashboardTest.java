package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.RequestMetrics.Reporter;
import dev.sluice.proxy.telemetry.Scrape.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Grafana's dashboards of docker/compose.yaml ask for metrics and labels that there are. */
class DashboardTest {
    /** Tests run in their module's folder. */
    private static final Path DASHBOARDS = Path.of("..", "docker", "compose", "grafana", "dashboards");

    /** A metric's name is followed by its selector, its range, or both. */
    private static final Pattern METRIC = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{([^}]*)})?\\[");

    private static final Pattern SELECTED = Pattern.compile("([a-z_]+)\\s*(=~|!=|!~|=)");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");

    private final Scrape scrape = new Scrape();

    /** One request and one connection of bytes: every metric that a proxy has of its traffic. */
    private void traffic() {
        WorkloadLabels own = WorkloadLabels.of(Map.of("app", "web", "version", "v1"), "shop");
        RequestMetrics requests =
                new RequestMetrics(new RequestTable(scrape.registry()), scrape.registry(), Reporter.SOURCE, own);
        Traffic traffic = new Traffic(requests);
        traffic.answer(
                traffic.start(Traffic.get("/").build()),
                Traffic.destination("reviews.shop.svc.cluster.local", "v1", Map.of("app", "reviews", "version", "v1")),
                200);
        TcpSession session = Connections.routed(new StreamMetrics(scrape.registry(), Reporter.SOURCE, own));
        session.received(1);
        session.sent(1);
        session.end(null, Connections.end());
    }

    private static List<String> questions() throws IOException {
        List<String> questions = new ArrayList<>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".json")).toList()) {
                JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
                dashboard.findValues("expr").forEach(expr -> questions.add(expr.asText()));
            }
        }
        return questions;
    }

    @Test
    void everyPanelAsksForWhatTheProxyHas() throws IOException {
        traffic();
        List<String> questions = questions();
        assertFalse(questions.isEmpty());
        for (String question : questions) {
            Set<String> grouped = new TreeSet<>();
            for (Matcher by = GROUPED.matcher(question); by.find(); ) {
                grouped.addAll(List.of(by.group(1).split("\\s*,\\s*", -1)));
            }
            Matcher metric = METRIC.matcher(question);
            assertTrue(metric.find(), question);
            do {
                List<Sample> samples = scrape.all(metric.group(1));
                assertFalse(samples.isEmpty(), () -> "there is no " + metric.group(1) + ": " + question);
                Set<String> wanted = new TreeSet<>(grouped);
                for (Matcher label = SELECTED.matcher(metric.group(3) == null ? "" : metric.group(3)); label.find(); ) {
                    wanted.add(label.group(1));
                }
                wanted.removeAll(samples.get(0).labels().keySet());
                assertTrue(wanted.isEmpty(), () -> metric.group(1) + " has no label " + wanted + ": " + question);
            } while (metric.find());
        }
    }
}
