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

/** {@code sluice explain --intercept}: what becomes of connections that were redirected to the proxy. */
class ExplainInterceptTest {
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              addresses: [10.96.0.10]
              ports: [{number: 9080, name: http, protocol: HTTP}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.2, labels: {version: v1}}, {address: 10.0.0.3, labels: {version: v2}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - route:
                - {destination: {host: reviews, subset: v1}, weight: 90}
                - {destination: {host: reviews, subset: v2}, weight: 10}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: db}
            spec:
              hosts: [db.example]
              addresses: [10.96.0.20, 10.97.0.0/16]
              ports: [{number: 3306, name: tcp, protocol: TCP}, {number: 8000, name: any}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.9}]
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default}
            spec:
              outboundTrafficPolicy: {mode: ALLOW_ANY}
              ingress:
              - port: {number: 8080, name: http, protocol: HTTP}
                defaultEndpoint: 127.0.0.1:8081
              - port: {number: 6379, name: redis, protocol: REDIS}
            """;

    private static final String TLS =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: api}
            spec:
              hosts: [api.example, eu.api.example]
              ports: [{number: 443, name: https, protocol: HTTPS}]
              resolution: DNS
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api}
            spec:
              hosts: [eu.api.example]
              tls:
              - match: [{port: 443, sniHosts: [eu.api.example]}]
                route: [{destination: {host: api.example, port: {number: 443}}}]
            """;

    private static final String HEADLESS =
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: kafka}
            spec: {clusterIP: None, ports: [{name: tcp, port: 9092}, {name: http, port: 8888}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: kafka-abc, labels: {kubernetes.io/service-name: kafka}}
            addressType: IPv4
            ports: [{name: tcp, port: 9092}, {name: http, port: 8888}]
            endpoints: [{addresses: [10.0.1.1]}, {addresses: [10.0.1.2]}]
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), YAML);
    }

    /** Nor by a name that some other listener would take: the connection was redirected, to port 80. */
    @Test
    void whatTheListenerRefusesIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("config.yaml"),
                YAML.replace(
                        "ALLOW_ANY}",
                        "REGISTRY_ONLY}\n  egress: [{port: {number: 9080, name: http, protocol: HTTP}, hosts: [./*]}]"));
        assertEquals("none", explain(4, "GET", "http://reviews/").get("outcome").asText());
        assertEquals(
                "none",
                explain(4, "GET", "http://db.example:3306/", "--dialled", "10.96.0.20")
                        .get("outcome")
                        .asText());
        assertEquals(
                "route virtualOutbound reviews.default.svc.cluster.local:9080",
                facts(explain(0, "GET", "http://reviews:9080/")));
    }

    private JsonNode explain(int exit, String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("explain", folder.toString()));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--intercept", "--format", "json"));
        return Said.by(arguments).json(exit);
    }

    private static String facts(JsonNode explanation) {
        JsonNode first = explanation.get("destinations").path(0);
        return explanation.get("outcome").asText() + " "
                + explanation.get("listener").asText() + " "
                + first.path("host").asText() + ":" + first.path("port").asText();
    }

    @Test
    void httpOfAPortGoesByHostWhateverWasDialled() throws Exception {
        JsonNode asked = explain(0, "GET", "http://reviews:9080/x", "--dialled", "192.0.2.1");
        assertEquals("route virtualOutbound reviews.default.svc.cluster.local:9080", facts(asked));
        assertEquals(90, asked.get("destinations").get(0).get("weight").asInt());
        assertEquals("default/reviews", asked.get("virtualService").asText());
        assertEquals(asked, explain(0, "GET", "http://reviews:9080/x"));
    }

    @Test
    void bytesGoByTheDialledAddress() throws Exception {
        String wanted = "route virtualOutbound db.example:3306";
        assertEquals(wanted, facts(explain(0, "GET", "http://10.96.0.20:3306/")));
        assertEquals(wanted, facts(explain(0, "GET", "http://db.example:3306/", "--dialled", "10.97.4.4")));
        JsonNode nobody = explain(0, "GET", "http://db.example:3306/", "--dialled", "192.0.2.1");
        assertEquals("passthrough virtualOutbound :", facts(nobody));
        assertTrue(nobody.get("reason").asText().contains("nobody declared"), nobody.toString());
    }

    @Test
    void ofAHeadlessServiceTheDialledEndpointIsMeant() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), YAML + HEADLESS);
        for (String url : List.of("http://kafka:9092/", "http://kafka:8888/", "http://kafka-1.kafka:8888/")) {
            JsonNode endpoints = explain(0, "GET", url, "--dialled", "10.0.1.2")
                    .get("destinations")
                    .get(0)
                    .get("endpoints");
            assertEquals(1, endpoints.size(), endpoints.toString());
            assertTrue(endpoints.get(0).asText().startsWith("10.0.1.2:"), endpoints.toString());
        }
        JsonNode another = explain(0, "GET", "http://kafka:9092/", "--dialled", "10.0.1.3");
        assertEquals("passthrough virtualOutbound :", facts(another));
        JsonNode any = explain(0, "GET", "http://kafka:8888/");
        assertEquals(2, any.get("destinations").get(0).get("endpoints").size());
    }

    @Test
    void ofAServiceWithoutResolutionTheDialledAddressIsTheEndpoint() throws Exception {
        String entry =
                """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: far}
                spec:
                  hosts: [far.example]
                  addresses: [192.0.2.0/24, 169.254.0.0/16]
                  ports: [{number: 22, name: tcp, protocol: TCP}, {number: 23, name: tcp-b, protocol: TCP, targetPort: 2323}]
                  resolution: NONE
                """;
        Files.writeString(folder.resolve("config.yaml"), YAML + entry);
        assertEquals("[192.0.2.7:22]", endpoints("http://far.example:22/", "192.0.2.7"));
        assertEquals("[192.0.2.7:2323]", endpoints("http://far.example:23/", "192.0.2.7"));
        assertEquals("[]", endpoints("http://far.example:22/", "169.254.169.254"));
    }

    private String endpoints(String url, String dialled) throws Exception {
        List<String> found = new ArrayList<>();
        explain(0, "GET", url, "--dialled", dialled)
                .get("destinations")
                .get(0)
                .get("endpoints")
                .forEach(endpoint -> found.add(endpoint.asText()));
        return found.toString();
    }

    @Test
    void tlsWithoutAnAddressGoesByTheServerThatTheClientAsksFor() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), YAML + TLS);
        JsonNode own = explain(0, "GET", "https://api.example/");
        assertEquals("route virtualOutbound api.example:443", facts(own));
        assertTrue(own.get("reason").asText().contains("server name"), own.toString());
        assertEquals("passthrough virtualOutbound :", facts(explain(0, "GET", "http://api.example:443/")));
        assertEquals("passthrough virtualOutbound :", facts(explain(0, "GET", "https://other.example/")));
        JsonNode ruled = explain(0, "GET", "https://eu.api.example/");
        assertEquals("route virtualOutbound api.example:443", facts(ruled));
        assertEquals("tls", ruled.get("rule").get("list").asText());
        assertEquals(0, ruled.get("rule").get("index").asInt());
    }

    @Test
    void whatNoTlsRuleTakesIsNotTheServicesEvenAtItsAddress() throws Exception {
        Files.writeString(
                folder.resolve("config.yaml"),
                TLS.replace("hosts: [api.example, eu.api.example]", "hosts: [api.example]\n  addresses: [10.96.0.30]")
                        .replace("eu.api.example", "api.example"));
        String[] dialled = {"--dialled", "10.96.0.30"};
        assertEquals("route virtualOutbound api.example:443", facts(ask("https://api.example/", dialled)));
        assertEquals("passthrough virtualOutbound :", facts(ask("https://other.example/", dialled)));
        assertEquals(
                "the service at what was dialled has tls rules, and none takes this: it goes there",
                ask("https://other.example/", dialled).get("reason").asText());
        assertEquals("passthrough virtualOutbound :", facts(ask("http://api.example:443/", dialled)));
        Files.writeString(
                folder.resolve("config.yaml"),
                Files.readString(folder.resolve("config.yaml")).replace("port: 443, sniHosts", "port: 8443, sniHosts"));
        assertEquals(
                "route virtualOutbound api.example:443",
                facts(ask("https://other.example/", dialled)),
                "no rule is for this port");
    }

    private JsonNode ask(String url, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("GET", url));
        words.addAll(List.of(more));
        return explain(0, words.toArray(new String[0]));
    }

    @Test
    void anotherNameTakesNoConnectionsButThoseToWhatItNames() throws Exception {
        Files.writeString(
                folder.resolve("config.yaml"),
                YAML
                        + """
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: alias}
                        spec: {type: ExternalName, externalName: db.example}
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: outside}
                        spec: {type: ExternalName, externalName: db.partner.example, ports: [{name: tcp, port: 5432}]}
                        """);
        assertEquals(
                "route virtualOutbound db.example:3306", facts(ask("http://alias:3306/", "--dialled", "10.96.0.20")));
        for (String url : List.of("http://alias:3306/", "http://outside:5432/")) {
            assertEquals("passthrough virtualOutbound :", facts(ask(url, "--dialled", "203.0.113.9")), url);
        }
    }

    @Test
    void tlsToAPortOfHttpGoesWhereItWasGoing() throws Exception {
        assertEquals("passthrough virtualOutbound :", facts(explain(0, "GET", "https://reviews:9080/")));
    }

    @Test
    void theTextNamesTheListOfTheRuleAndNoRuleWhereNoneIsUsed() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), YAML + TLS);
        assertTrue(text("https://eu.api.example/").contains("default/api tls[0].match[0]"));
        assertTrue(text("https://api.example/").contains("the service's own route"));
        assertFalse(text("https://other.example/").contains("rule "));
    }

    private String text(String url) {
        Said said = Said.by("explain", folder.toString(), "GET", url, "--intercept");
        assertEquals(0, said.exit());
        return said.out();
    }

    @Test
    void aPortWithoutProtocolIsItsServicesAtTheServicesAddress() throws Exception {
        JsonNode asked = explain(0, "GET", "http://anything.example:8000/", "--dialled", "10.96.0.20");
        assertEquals("route virtualOutbound db.example:8000", facts(asked));
    }

    @Test
    void withRegistryOnlyWhatNobodyDeclaredGoesNowhere() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), YAML.replace("ALLOW_ANY", "REGISTRY_ONLY"));
        assertEquals("none virtualOutbound :", facts(explain(4, "GET", "http://192.0.2.1:99/")));
        JsonNode http = explain(4, "GET", "http://nobody.example:9080/");
        assertEquals(502, http.get("status").asInt());
    }

    @Test
    void whatMayNotBeDialledIsRefusedAsInRun() throws Exception {
        JsonNode bytes = explain(4, "GET", "http://169.254.169.254:99/");
        assertEquals("none virtualOutbound :", facts(bytes));
        assertTrue(bytes.get("reason").asText().contains("may not be dialled"), bytes.toString());
        JsonNode http = explain(4, "GET", "http://metadata.example:9080/", "--dialled", "fe80::1");
        assertEquals(403, http.get("status").asInt());
        assertEquals("passthrough virtualOutbound :", facts(explain(0, "GET", "http://192.0.2.1:99/")));
    }

    @Test
    void theAppsOwnPortsAreTheSidecarsIngressListeners() throws Exception {
        assertEquals(
                "route virtualInbound inbound|:8080",
                facts(explain(0, "GET", "http://cart:8080/", "--from", "inbound")));
        JsonNode redis = explain(0, "GET", "http://cart:6379/", "--from", "inbound");
        assertEquals("route virtualInbound inbound|:6379", facts(redis));
        assertTrue(redis.get("reason").asText().contains("not looked into"), redis.toString());
        assertEquals(
                "route virtualInbound inbound|:0", facts(explain(0, "GET", "http://cart:4711/", "--from", "inbound")));
    }

    @Test
    void aDialledAddressIsAnAddress() throws Exception {
        Said said = Said.by("explain", folder.toString(), "GET", "http://a/", "--intercept", "--dialled", "reviews");
        assertEquals(2, said.exit());
        assertTrue(said.err().contains("--dialled takes an IP address, not 'reviews'"), said.err());
    }
}
