package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice explain} on routes that hash: the key, and where it leads. */
class ExplainAffinityTest {
    @TempDir
    private Path folder;

    private void write(String policy) throws IOException {
        Files.writeString(
                folder.resolve("shop.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: web, protocol: HTTP}]
                  endpoints:
                  - {address: 10.0.0.1, labels: {version: v1}, locality: eu/a}
                  - {address: 10.0.0.2, labels: {version: v1}, locality: us/a}
                  - {address: 10.0.0.3, labels: {version: v2}, locality: eu/a}
                  - {address: 10.0.0.4, labels: {version: v2}, locality: us/a}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec:
                  host: shop.example.com
                  trafficPolicy: {POLICY}
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  gateways: [gw]
                  http:
                  - headers: {request: {set: {x-user: edited}}}
                    route:
                    - {destination: {host: shop.example.com, subset: v1}, weight: 50, headers: {request: {set: {x-version: v1}}}}
                    - {destination: {host: shop.example.com, subset: v2}, weight: 50, headers: {request: {set: {x-version: v2}}}}
                """
                        .replace("POLICY", policy));
    }

    private String explain(String format, String... options) {
        List<String> arguments = new ArrayList<>(List.of("explain", "--format", format));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(folder.toString(), "GET", "http://shop.example.com:8080/?q=1"));
        StringWriter out = new StringWriter();
        int exit = Commands.line().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
        assertEquals(0, exit, out.toString());
        return out.toString();
    }

    private JsonNode json(String... options) throws IOException {
        return new ObjectMapper().readTree(explain("json", options));
    }

    @Test
    void theKeyTheVersionAndTheEndpointOfAUserAreTold() throws Exception {
        write("loadBalancer: {consistentHash: {httpHeaderName: x-user}}");
        Set<String> versions = new HashSet<>();
        for (int user = 0; user < 20; user++) {
            JsonNode told = json("-H", "x-user: user-" + user);
            JsonNode affinity = told.get("affinity");
            assertEquals("header x-user", affinity.get("keys").get(0).asText());
            String subset = affinity.get("destination").get("subset").asText();
            String endpoint = affinity.get("endpoint").asText();
            assertEquals(subset.equals("v1"), endpoint.matches("10\\.0\\.0\\.[12]:80"), endpoint);
            assertEquals(
                    subset, told.get("request").get("headers").get("x-version").asText(), "its own edits are shown");
            assertEquals(affinity, json("-H", "x-user: user-" + user).get("affinity"));
            versions.add(subset);
        }
        assertEquals(Set.of("v1", "v2"), versions);
    }

    @Test
    void aRequestWithoutTheKeyBelongsNowhere() throws Exception {
        write("loadBalancer: {consistentHash: {httpCookie: {name: session, ttl: 0s}, maglev: {tableSize: 251}}}");
        JsonNode affinity = json().get("affinity");
        assertEquals(
                "cookie session (made where absent)",
                affinity.get("keys").get(0).asText());
        assertFalse(affinity.has("destination"));
        assertFalse(affinity.has("endpoint"));
        String text = explain("text");
        assertTrue(text.contains("by cookie session (made where absent): this request, as asked, has no key"), text);
        String withKey = explain("text", "-H", "cookie: session=abc");
        assertTrue(withKey.contains("this request belongs to shop.example.com:80/v"), withKey);
        assertTrue(withKey.contains("maglev over"), withKey);
    }

    @Test
    void otherKeysAreNamedToo() throws Exception {
        write("loadBalancer: {consistentHash: {useSourceIp: true}}");
        assertEquals("source address", json().get("affinity").get("keys").get(0).asText());
        write("loadBalancer: {consistentHash: {httpQueryParameterName: q}}");
        JsonNode affinity = json().get("affinity");
        assertEquals("query parameter q", affinity.get("keys").get(0).asText());
        assertTrue(affinity.has("endpoint"), "the URL has it");
    }

    @Test
    void withoutConsistentHashThereIsNoAffinityAndLocalityIsTold() throws Exception {
        write("outlierDetection: {}");
        JsonNode plain = json();
        assertFalse(plain.has("affinity"));
        assertFalse(plain.get("destinations").get(0).has("locality"), "nobody said where the proxy is");
        assertEquals("failover from eu/a", locality("eu/a"));
        assertEquals(
                "failover from us/a/1",
                json("--label", "istio-locality=us.a.1")
                        .get("destinations")
                        .get(0)
                        .get("locality")
                        .asText());
    }

    @Test
    void distributionIsToldWhereAnEntryIsForThisPlace() throws Exception {
        write("loadBalancer: {localityLbSetting: {distribute: [{from: eu/a, to: {eu/a: 80, eu/b: 20}}]}}");
        assertEquals("distribute from eu/a/1", locality("eu/a/1"));
        assertEquals("distribute has no entry for us/a", locality("us/a"));
    }

    private String locality(String own) throws Exception {
        return json("--locality", own)
                .get("destinations")
                .get(0)
                .get("locality")
                .asText();
    }

    @Test
    void whomXForwardedForNamesIsTheSourceWhereItIsBelieved() throws Exception {
        write("loadBalancer: {consistentHash: {useSourceIp: true}}");
        String[] asked = {"-H", "x-forwarded-for: 192.0.2.7"};
        assertFalse(json(asked).get("affinity").has("endpoint"), "a gateway believes nobody");
        String[] trusting = {"--set", "defaultConfig.gatewayTopology.numTrustedProxies=1", "-H", asked[1]};
        assertTrue(json(trusting).get("affinity").has("endpoint"));
    }

    @Test
    void limitsAndEjectionAreToldWhereThereAreAny() throws Exception {
        write("loadBalancer: {simple: ROUND_ROBIN}");
        JsonNode plain = json().get("destinations").get(0);
        assertFalse(plain.has("limits") || plain.has("outlierDetection"), plain.toString());
        write("connectionPool: {tcp: {maxConnections: 5}, http: {http2MaxRequests: 7}},"
                + " retryBudget: {percent: 25}, outlierDetection: {consecutiveGatewayErrors: 3}");
        String text = explain("text");
        assertTrue(text.contains("maxConnections 5, http2MaxRequests 7, retryBudget 25.0 %, at least 3"), text);
        assertTrue(
                text.contains("after consecutive5xxErrors 5 or consecutiveGatewayErrors 3, for 30000 ms and more,"
                        + " up to 10 % of the endpoints"),
                text);
        assertTrue(json().get("destinations").get(0).has("outlierDetection"));
    }

    @Test
    void aLocalityThatIsNoneIsAUsageError() throws Exception {
        write("outlierDetection: {}");
        for (String wrong : List.of("eu//1", "eu/*", "a/b/c/d", "/")) {
            StringWriter err = new StringWriter();
            int exit = Commands.line()
                    .setErr(new PrintWriter(err))
                    .execute("explain", "--locality", wrong, folder.toString(), "GET", "http://shop.example.com:8080/");
            assertEquals(2, exit, wrong);
            assertTrue(err.toString().contains("--locality takes REGION/ZONE/SUBZONE"), err.toString());
        }
    }
}
