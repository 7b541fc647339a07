package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Envoy 1.40 chose for thirty keys over five endpoints, observed. */
class ConsistentHashVectorsTest {
    private static JsonNode vectors = new ObjectMapper().createObjectNode();
    private static final List<Endpoint> ENDPOINTS = new ArrayList<>();

    @BeforeAll
    static void readVectors() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ConsistentHashVectorsTest.class.getResourceAsStream("/vectors/consistent-hash.json"))) {
            vectors = new ObjectMapper().readTree(in);
        }
        for (JsonNode address : vectors.get("endpoints")) {
            String[] parts = address.asText().split(":", 2);
            ENDPOINTS.add(new Endpoint(new EndpointPlan(parts[0], Integer.parseInt(parts[1]), 1, null, Map.of()), 0));
        }
    }

    @Test
    void ringHashChoosesWhatEnvoyChooses() {
        assertChoices(
                new RingHash(Share.of(ENDPOINTS), 1024), vectors.get("ring").get("chosen"));
    }

    @Test
    void maglevChoosesWhatEnvoyChooses() {
        assertChoices(
                new Maglev(Share.of(ENDPOINTS), 65537), vectors.get("maglev").get("chosen"));
    }

    private static void assertChoices(EndpointSelector selector, JsonNode chosen) {
        assertEquals(30, chosen.size());
        chosen.properties().forEach(entry -> {
            Endpoint expected = ENDPOINTS.get(entry.getValue().asText().charAt(1) - '0');
            assertEquals(expected, selector.pick(XxHash64.hash(entry.getKey()), 0), entry.getKey());
        });
    }
}
