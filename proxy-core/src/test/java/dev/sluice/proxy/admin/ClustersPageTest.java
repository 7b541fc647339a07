package dev.sluice.proxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.FailingName;
import dev.sluice.proxy.cluster.Plans;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClustersPageTest {
    private final Cluster cluster = new Cluster(Plans.cluster().build());

    @Test
    void aNameThatDoesNotResolveIsTold() throws IOException {
        cluster.failingNames(List.of(new FailingName("db.example", "DNS says NXDOMAIN", true)));
        JsonNode failing = json().get("failingNames");
        assertEquals(1, failing.size());
        assertEquals("db.example", failing.get(0).get("name").asText());
        assertEquals("DNS says NXDOMAIN", failing.get(0).get("reason").asText());
        assertEquals(true, failing.get(0).get("stale").asBoolean());
    }

    @Test
    void namesThatResolveAreNoMatter() throws IOException {
        assertFalse(json().has("failingNames"));
    }

    private JsonNode json() throws IOException {
        String text = JsonText.of(json -> ClustersPage.write(List.of(cluster), json, 0));
        return new ObjectMapper().readTree(text).get("clusters").get(0);
    }
}
