package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice explain} as contract.md has it: text, JSON, exit codes, and where a request comes in. */
class ExplainCommandTest {
    private static final String SHOP =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["shop.example.com"]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: front, namespace: shop}
            spec:
              hosts: ["shop.example.com"]
              gateways: [edge]
              http:
              - name: beta
                match:
                - uri: {prefix: /cart}
                  headers: {end-user: {exact: jason}}
                route:
                - destination: {host: cart, subset: v2}
              - name: split
                match:
                - uri: {prefix: /cart}
                rewrite: {uri: /basket}
                headers: {request: {set: {x-tenant: acme}}}
                timeout: 3s
                retries: {attempts: 2, perTryTimeout: 500ms, retryOn: 5xx}
                fault: {delay: {percentage: {value: 10}, fixedDelay: 1s}}
                mirror: {host: cart, subset: v2}
                mirrorPercentage: {value: 5}
                route:
                - destination: {host: cart, subset: v1}
                  weight: 75
                - destination: {host: cart, subset: v2}
                  weight: 25
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /new, redirectCode: 308}
              - match: [{uri: {exact: /teapot}}]
                directResponse: {status: 418}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: cart, namespace: shop}
            spec:
              host: cart
              trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: cart, namespace: shop}
            spec:
              hosts: [cart.shop.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints:
              - {address: 10.0.0.1, ports: {http: 9080}, labels: {version: v1}}
              - {address: 10.0.0.2, ports: {http: 9080}, labels: {version: v2}}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("shop.yaml"), SHOP);
    }

    private Said explain(String... words) {
        List<String> arguments = new ArrayList<>(List.of("explain", folder.toString()));
        arguments.addAll(List.of(words));
        return Said.by(arguments);
    }

    private JsonNode json(int exit, String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--format", "json"));
        return explain(arguments.toArray(String[]::new)).json(exit);
    }

    @Test
    void jsonHoldsTheWholeDecision() throws Exception {
        JsonNode answer = json(0, "GET", "http://shop.example.com/cart/7?full=1", "-H", "end-user: anna");
        assertEquals("route", answer.get("outcome").asText());
        assertFalse(answer.has("status"));
        assertEquals("shop/front", answer.get("virtualService").asText());
        assertEquals(1, answer.at("/rule/index").asInt());
        assertEquals("split", answer.at("/rule/name").asText());
        assertTrue(answer.at("/rule/file").asText().endsWith("shop.yaml"));
        assertEquals(lineOf("- name: split"), answer.at("/rule/line").asInt());
        JsonNode first = answer.at("/destinations/0");
        assertEquals("cart.shop.svc.cluster.local", first.get("host").asText());
        assertEquals("v1", first.get("subset").asText());
        assertEquals(80, first.get("port").asInt());
        assertEquals("75", first.get("weight").asText());
        assertEquals("[\"10.0.0.1:9080\"]", first.get("endpoints").toString());
        assertEquals("25", answer.at("/destinations/1/weight").asText());
        assertEquals("/basket/7?full=1", answer.at("/request/path").asText());
        assertEquals("shop.example.com", answer.at("/request/authority").asText());
        assertEquals("acme", answer.at("/request/headers/x-tenant").asText());
        assertEquals("anna", answer.at("/request/headers/end-user").asText());
        assertEquals(3000, answer.get("timeoutMs").asInt());
        assertEquals(2, answer.at("/retries/attempts").asInt());
        assertEquals(500, answer.at("/retries/perTryTimeoutMs").asInt());
        assertEquals(1000, answer.at("/fault/delayMs").asInt());
        assertEquals("10", answer.at("/fault/delayPercent").asText());
        assertEquals("v2", answer.at("/mirrors/0/subset").asText());
        assertEquals("5", answer.at("/mirrors/0/percent").asText());
    }

    @Test
    void everyRuleThatWasTriedTellsItsFirstMismatch() throws Exception {
        JsonNode tried = json(0, "GET", "http://shop.example.com/cart", "-H", "end-user: anna")
                .get("tried");
        assertEquals(2, tried.size());
        assertEquals("beta", tried.at("/0/rule/name").asText());
        assertFalse(tried.at("/0/matched").asBoolean());
        assertEquals("headers[end-user]", tried.at("/0/failed/condition").asText());
        assertEquals("exactly \"jason\"", tried.at("/0/failed/expected").asText());
        assertEquals(lineOf("headers: {end-user"), tried.at("/0/failed/line").asInt());
        assertTrue(tried.at("/1/matched").asBoolean());
    }

    @Test
    void textSaysTheSame() throws Exception {
        Said said = explain("GET", "http://shop.example.com/cart", "-H", "end-user: anna");
        assertEquals(0, said.exit());
        for (String part : List.of(
                "outcome       route",
                "shop/front http[1].match[0] \"split\"",
                "shop.yaml:" + lineOf("- name: split"),
                "75 % cart.shop.svc.cluster.local:80 subset v1  round_robin over [10.0.0.1:9080]",
                "upstream sees GET shop.example.com/basket",
                "timeout       3000 ms",
                "2 on 5xx, 500 ms each",
                "no: headers[end-user] is not exactly \"jason\"",
                "shop.yaml:" + lineOf("headers: {end-user"))) {
            assertTrue(said.out().contains(part), part + " in\n" + said.out());
        }
    }

    @Test
    void answersOfTheProxyItselfAreExitZero() throws Exception {
        JsonNode redirect = json(0, "GET", "http://shop.example.com/old");
        assertEquals("redirect", redirect.get("outcome").asText());
        assertEquals(308, redirect.get("status").asInt());
        assertEquals(
                "answered by a redirect to http://shop.example.com/new",
                redirect.get("reason").asText());
        JsonNode direct = json(0, "GET", "http://shop.example.com/teapot");
        assertEquals("direct", direct.get("outcome").asText());
        assertEquals(418, direct.get("status").asInt());
        for (JsonNode answer : List.of(redirect, direct)) {
            assertEquals("[]", answer.get("destinations").toString());
            assertEquals("[]", answer.get("mirrors").toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, https://app.example, GET, direct",
        "OPTIONS, https://elsewhere.example, GET, direct",
        "OPTIONS, https://app.example, '', route",
        "GET, https://app.example, GET, route",
        "OPTIONS, '', GET, route"
    })
    void aPreflightIsAnsweredHereAsItIsServed(String method, String origin, String asked, String outcome)
            throws Exception {
        String cors =
                "corsPolicy: {allowOrigins: [{exact: 'https://app.example'}], unmatchedPreflights: IGNORE}\n    rewrite:";
        Files.writeString(folder.resolve("shop.yaml"), SHOP.replace("rewrite:", cors));
        JsonNode answer = json(
                0,
                method,
                "http://shop.example.com/cart",
                "-H",
                "origin: " + origin,
                "-H",
                "access-control-request-method: " + asked);
        assertEquals(outcome, answer.get("outcome").asText());
        assertEquals(outcome.equals("direct") ? 200 : 0, answer.path("status").asInt());
        assertEquals(outcome.equals("direct"), answer.get("destinations").isEmpty());
        assertEquals("split", answer.at("/rule/name").asText());
    }

    @ParameterizedTest
    @CsvSource({"request, true", "attempt, false"})
    void aPreflightMeetsTheFaultThatComesBeforeCors(String scope, boolean told) throws Exception {
        Files.writeString(
                folder.resolve("shop.yaml"),
                SHOP.replace("rewrite:", "corsPolicy: {allowOrigins: [{exact: '*'}]}\n    rewrite:")
                        .replace(
                                "{name: front, namespace: shop}",
                                "{name: front, namespace: shop, annotations: {sluice.dev/fault-scope: " + scope
                                        + "}}"));
        JsonNode answer = json(
                0,
                "OPTIONS",
                "http://shop.example.com/cart",
                "-H",
                "origin: https://app.example",
                "-H",
                "access-control-request-method: GET");
        assertEquals("direct", answer.get("outcome").asText());
        assertEquals(told, answer.has("fault"));
        assertEquals(told, answer.get("reason").asText().contains("fault"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, http://shop.example.com/cart, x-none: 1, plain",
        "0, http://shop.example.com/cart, x-forwarded-proto: https, plain",
        "1, http://shop.example.com/cart, x-forwarded-proto: https, other",
        "0, http://shop.example.com/cart, x-envoy-max-retries: 1, plain"
    })
    void rulesSeeWhatTheListenerMakesOfHeaders(int trusted, String url, String header, String rule) throws Exception {
        String match =
                """
                http:
                  - name: plain
                    match: [{headers: {x-forwarded-proto: {exact: http}}, withoutHeaders: {x-envoy-max-retries: {}}}]
                    redirect: {scheme: https}
                  - name: other
                    directResponse: {status: 200}
                """;
        Files.writeString(folder.resolve("shop.yaml"), SHOP.replace("http:\n  - name: beta", match + "  - name: beta"));
        JsonNode answer = json(
                0, "GET", url, "-H", header, "--set", "defaultConfig.gatewayTopology.numTrustedProxies=" + trusted);
        assertEquals(rule, answer.at("/rule/name").asText());
    }

    @Test
    void whatAnAppAsksForItselfHoldsHereAsItIsServed() throws Exception {
        JsonNode answer = json(
                0,
                "GET",
                "http://cart.shop.svc.cluster.local/",
                "--from",
                "outbound",
                "-H",
                "x-envoy-upstream-rq-timeout-ms: 500",
                "-H",
                "x-envoy-upstream-rq-per-try-timeout-ms: 200",
                "-H",
                "x-envoy-max-retries: 5",
                "-H",
                "x-envoy-retry-on: retriable-status-codes,reset",
                "-H",
                "x-envoy-retriable-status-codes: 418");
        assertEquals(500, answer.get("timeoutMs").asInt());
        assertEquals(200, answer.at("/retries/perTryTimeoutMs").asInt());
        assertEquals(5, answer.at("/retries/attempts").asInt());
        assertFalse(answer.at("/retries/default").asBoolean());
        List<String> words = new ArrayList<>();
        answer.at("/retries/retryOn").forEach(word -> words.add(word.asText()));
        assertTrue(words.containsAll(List.of("reset", "connect-failure", "418")), words.toString());
        assertFalse(answer.at("/request/headers").toString().contains("x-envoy-"), answer.toString());
    }

    @Test
    void aRewriteToWhatIsNoPathIsRefusedHereAsItIsServed() throws Exception {
        Files.writeString(
                folder.resolve("rewrite.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: front, namespace: shop}
                spec:
                  hosts: ["shop.example.com"]
                  gateways: [edge]
                  http:
                  - match: [{uri: {prefix: /api/}}]
                    rewrite: {uri: v2/}
                    route: [{destination: {host: cart}}]
                """);
        Files.writeString(folder.resolve("shop.yaml"), SHOP.replace("name: front,", "name: other,"));
        JsonNode answer = json(4, "GET", "http://shop.example.com/api/books");
        assertEquals("none", answer.get("outcome").asText());
        assertEquals(500, answer.get("status").asInt());
        assertEquals("shop/front", answer.get("virtualService").asText());
        assertTrue(answer.get("reason").asText().contains("slash"), answer.toString());
    }

    @Test
    void noRouteIsExitFour() throws Exception {
        JsonNode none = json(4, "GET", "http://shop.example.com/nowhere");
        assertEquals("none", none.get("outcome").asText());
        assertEquals(404, none.get("status").asInt());
        assertFalse(none.has("rule"));
        assertEquals(4, none.get("tried").size());
        assertEquals("[]", none.get("mirrors").toString());
        Said text = explain("GET", "http://shop.example.com/nowhere");
        assertEquals(4, text.exit());
        assertTrue(text.out().startsWith("outcome       none 404: "), text.out());
    }

    @Test
    void anUnknownAddressThatIsNeverPassedThroughIsToldAsRefused() throws Exception {
        JsonNode metadata = json(4, "GET", "http://169.254.169.254/latest");
        assertEquals("none", metadata.get("outcome").asText());
        assertEquals(403, metadata.get("status").asInt());
        assertEquals(
                "passthrough",
                json(0, "GET", "http://192.0.2.1/latest").get("outcome").asText());
    }

    @Test
    void theGatewayIsFoundByTheUrlsPortAndOtherwiseTheMeshAnswers() throws Exception {
        assertEquals(
                "shop/front",
                json(0, "GET", "http://shop.example.com:8080/cart")
                        .get("virtualService")
                        .asText());
        JsonNode elsewhere = json(0, "GET", "http://shop.example.com:9090/cart");
        assertEquals("passthrough", elsewhere.get("outcome").asText());
        JsonNode mesh = json(0, "GET", "http://cart.shop.svc.cluster.local/cart", "--from", "outbound");
        assertFalse(mesh.has("virtualService"));
        assertEquals("100", mesh.at("/destinations/0/weight").asText());
        assertEquals(
                "shop/front",
                json(0, "GET", "http://shop.example.com/cart", "--from", "gateway:shop/edge")
                        .get("virtualService")
                        .asText());
        assertEquals(
                4,
                explain("GET", "http://other.example.com/", "--from", "gateway:shop/edge")
                        .exit());
    }

    @Test
    void aSidecarsEgressListenerAnswersForItsPort() throws Exception {
        Files.writeString(
                folder.resolve("sidecar.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default, namespace: shop}
                spec:
                  egress:
                  - port: {number: 9443, name: http, protocol: HTTP}
                    bind: 127.0.0.1
                    captureMode: NONE
                    hosts: ["./cart.shop.svc.cluster.local"]
                """);
        String[] asked = {"GET", "http://cart.shop.svc.cluster.local:9443/", "--namespace", "shop"};
        assertTrue(
                json(0, asked).get("listener").asText().contains("9443"),
                explain(asked).out());
        assertFalse(json(0, "GET", "http://cart.shop.svc.cluster.local/", "--namespace", "shop")
                .get("listener")
                .asText()
                .contains("9443"));
    }

    @Test
    void gatewaysAreLookedForByNamespaceThenName() throws Exception {
        for (String gateway : List.of("a-b/first", "a/second")) {
            String[] parts = gateway.split("/", -1);
            Files.writeString(
                    folder.resolve(parts[1] + ".yaml"),
                    SHOP.substring(0, SHOP.indexOf("---", SHOP.indexOf("status: 418")))
                            .replace("namespace: shop", "namespace: " + parts[0])
                            .replace("name: front", "name: " + parts[1])
                            .replace("8080", parts[1].equals("first") ? "8081" : "8082")
                            .replace("shop.example.com", "both.example.com"));
        }
        assertEquals(
                "a/second",
                json(0, "GET", "http://both.example.com/teapot")
                        .get("virtualService")
                        .asText());
    }

    @Test
    void whatAClientMaySendIsAUrl() throws Exception {
        JsonNode odd = json(0, "GET", "http://user@shop.example.com:8080/cart/a|b?q={x}#part");
        assertEquals("/basket/a%7Cb?q={x}", odd.at("/request/path").asText());
        assertEquals("shop.example.com:8080", odd.at("/request/authority").asText());
        assertEquals(
                "shop/front",
                json(0, "GET", "http://10.0.0.1:8080/cart", "-H", "Host: shop.example.com")
                        .get("virtualService")
                        .asText());
    }

    @Test
    void misuseIsExitTwoAndSaysHow() {
        for (String[] words : new String[][] {
            {"GET"},
            {"GET", "shop.example.com/cart"},
            {"GET", "ftp://shop.example.com/"},
            {"GET", "http:///cart"},
            {"GET", "http://shop|example/"},
            {"GET", "http://shop.example.com/a b"},
            {"GET", "http://shop.example.com:port/"},
            {"GET", "http://shop.example.com:70000/"},
            {"GET", "http://shop.example.com/", "-H", "nocolon"},
            {"GET", "http://shop.example.com/", "--from", "sideways"},
            {"GET", "http://shop.example.com/", "--from", "gateway:shop/none"},
            {"GET", "http://shop.example.com/", "--format", "xml"},
        }) {
            Said said = explain(words);
            assertEquals(2, said.exit(), String.join(" ", words));
            assertEquals("", said.out());
            assertFalse(said.err().isEmpty());
            assertFalse(said.err().contains("Exception"), said.err());
        }
    }

    @Test
    void aConfigurationThatRunWouldRefuseIsExitOne() throws Exception {
        Files.writeString(
                folder.resolve("bad.yaml"), "kind: Gateway\napiVersion: networking.istio.io/v1\nspec: {server: []}\n");
        Said said = explain("GET", "http://shop.example.com/cart");
        assertEquals(1, said.exit());
        assertEquals("", said.out());
        assertTrue(said.err().contains("bad.yaml:3:"), said.err());
        assertTrue(said.err().endsWith("sluice: the configuration is refused\n"), said.err());
        Path gone = folder.resolve("gone.yaml");
        Said ofNone = Said.by("explain", gone.toString(), "GET", "http://shop.example.com/");
        assertEquals(1, ofNone.exit());
        assertEquals("sluice: no such file or folder: " + gone + "\n", ofNone.err());
    }

    private static int lineOf(String text) {
        return (int) SHOP.substring(0, SHOP.indexOf(text)).lines().count();
    }

    @Test
    void theTextNamesTheStatusCodesThatAreTriedAgain() throws Exception {
        Path config = folder.resolve("shop.yaml");
        Files.writeString(config, Files.readString(config).replace("retryOn: 5xx", "retryOn: 'reset,503'"));
        Said said = explain("GET", "http://shop.example.com/cart");
        assertEquals(0, said.exit());
        assertTrue(said.out().contains("2 on reset,retriable-status-codes,503, 500 ms each"), said.out());
    }
}
