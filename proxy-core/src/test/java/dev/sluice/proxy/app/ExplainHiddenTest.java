package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice explain} of a host that is declared and hidden from this workload: by what, and what to do. */
class ExplainHiddenTest {
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: api, namespace: pay}
            spec:
              hosts: [api.pay.example, "*.cards.example"]
              addresses: [10.96.0.7]
              ports: [{number: 80, name: http, protocol: HTTP}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.1}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: ledger, namespace: pay, annotations: {networking.istio.io/exportTo: .}}
            spec: {ports: [{port: 80, name: http}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: narrow, namespace: shop}
            spec:
              outboundTrafficPolicy: {mode: REGISTRY_ONLY}
              egress: [{hosts: ["./*"]}]
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("config.yaml"), YAML);
    }

    private JsonNode explain(String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("explain", folder.toString(), "GET"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--namespace", "shop", "--format", "json"));
        Said said = Said.by(arguments);
        assertEquals("", said.err());
        return new ObjectMapper().readTree(said.out());
    }

    private String reason(String... words) throws IOException {
        return explain(words).get("reason").asText();
    }

    private int lineOf(String words) {
        return (int) YAML.substring(0, YAML.indexOf(words) + 1).lines().count();
    }

    private String bySidecar(String host) {
        return "ServiceEntry pay/api (" + file + ":" + lineOf("hosts: [api")
                + ") declares it, but Sidecar shop/narrow (" + file + ":" + lineOf("outboundTrafficPolicy")
                + ") does not let it in; to reach it, let pay/" + host + " in by its egress.hosts";
    }

    @Test
    void aHostThatTheSidecarDoesNotLetInTellsWhoDeclaresItAndWhichSidecarHidesIt() throws Exception {
        JsonNode asked = explain("http://API.pay.example.:80/");
        assertEquals(502, asked.get("status").asInt());
        assertEquals(
                "the host is hidden and outboundTrafficPolicy is REGISTRY_ONLY: " + bySidecar("api.pay.example"),
                asked.get("reason").asText());
    }

    @Test
    void itDoesSoOfAHostUnderAWildcardAndOfAnAddressAndWhereUnknownHostsPass() throws Exception {
        Files.writeString(file, YAML.replace("REGISTRY_ONLY", "ALLOW_ANY"));
        String passes = "the host is hidden and outboundTrafficPolicy is ALLOW_ANY: ";
        assertEquals(passes + bySidecar("*.cards.example"), reason("http://eu.cards.example/"));
        assertEquals(passes + bySidecar("api.pay.example"), reason("http://10.96.0.7/"));
    }

    @Test
    void aServiceThatIsNotExportedTellsSoUnderEachOfItsNames() throws Exception {
        for (String host : List.of("ledger.pay", "ledger.pay.svc", "ledger.pay.svc.cluster.local")) {
            assertEquals(
                    "the host is hidden and outboundTrafficPolicy is REGISTRY_ONLY: Service pay/ledger (" + file + ":"
                            + lineOf("spec: {ports")
                            + ") declares it, but its exportTo [.] hides it from namespace shop;"
                            + " to reach it, export it to shop",
                    reason("http://" + host + "/"));
        }
    }

    @Test
    void theDefaultOfTheMeshIsNamedWhereTheServiceSaysNothing() throws Exception {
        Files.writeString(file, YAML.substring(0, YAML.lastIndexOf("---")));
        Files.writeString(folder.resolve("mesh.yaml"), "defaultServiceExportTo: [.]\n");
        assertEquals(
                "the host is hidden and outboundTrafficPolicy is ALLOW_ANY: ServiceEntry pay/api (" + file + ":"
                        + lineOf("hosts: [api") + ") declares it, but MeshConfig's defaultServiceExportTo hides it from"
                        + " namespace shop; to reach it, export it to shop",
                reason("http://api.pay.example/"));
    }

    @Test
    void theOutboundSideAnswersForAHostThatNoGatewayTakes() throws Exception {
        Files.writeString(
                folder.resolve("gateway.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: shop}
                spec:
                  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop.example"]}]
                """);
        assertEquals(
                "the host is hidden and outboundTrafficPolicy is REGISTRY_ONLY: " + bySidecar("api.pay.example"),
                reason("http://api.pay.example/"));
        assertEquals(
                "no virtual host takes this host", reason("http://api.pay.example/", "--from", "gateway:shop/edge"));
    }

    @Test
    void aRedirectedConnectionTellsTheSame() throws Exception {
        String closed = "what was dialled is hidden and outboundTrafficPolicy is REGISTRY_ONLY: it is closed; ";
        assertEquals(closed + bySidecar("api.pay.example"), reason("http://10.96.0.7/", "--intercept"));
        assertEquals(closed + bySidecar("api.pay.example"), reason("http://api.pay.example/", "--intercept"));
    }

    @Test
    void aHostThatNobodyDeclaresIsUnknown() throws Exception {
        assertEquals("the host is unknown and outboundTrafficPolicy is REGISTRY_ONLY", reason("http://pay.example/"));
    }

    @Test
    void aDestinationThatIsNotThereTellsWhatIsMissing() throws Exception {
        Files.writeString(
                folder.resolve("routes.yaml"),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                spec: {ports: [{port: 80, name: http}, {port: 81, name: http-admin}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: cart, namespace: shop}
                spec: {host: cart, subsets: [{name: v2, labels: {v: "2"}}, {name: v1, labels: {v: "1"}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: cart, namespace: shop}
                spec:
                  hosts: [cart]
                  http:
                  - match: [{uri: {exact: /hidden}}]
                    route: [{destination: {host: ledger.pay.svc.cluster.local}}]
                  - match: [{uri: {exact: /nobody}}]
                    route: [{destination: {host: nowhere.example}}]
                  - match: [{uri: {exact: /port}}]
                    route: [{destination: {host: cart, port: {number: 82}}}]
                  - match: [{uri: {exact: /subset}}]
                    route: [{destination: {host: cart, subset: v3, port: {number: 81}}}]
                """);
        assertEquals(
                "503 NO_CLUSTER: the host is hidden: Service pay/ledger (" + file + ":" + lineOf("spec: {ports")
                        + ") declares it, but its exportTo [.] hides it from namespace shop;"
                        + " to reach it, export it to shop",
                problem("/hidden"));
        assertEquals("503 NO_CLUSTER: nobody declares the host", problem("/nobody"));
        assertEquals("503 NO_CLUSTER: the host has no port 82; it has 80, 81", problem("/port"));
        assertEquals("503 NO_CLUSTER: no DestinationRule in force names subset v3; it has v1, v2", problem("/subset"));
    }

    private String problem(String path) throws IOException {
        return explain("http://cart" + path).at("/destinations/0/problem").asText();
    }
}
