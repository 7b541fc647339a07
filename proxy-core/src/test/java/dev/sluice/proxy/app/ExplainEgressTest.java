package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leads an app's requests to an egress gateway, and what that gateway does with bytes. */
class ExplainEgressTest {
    private static final String GATEWAY_SERVICE =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: egress, namespace: edge}
            spec:
              hosts: [egress.edge.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]
              endpoints: [{address: 10.0.0.7}]
            ---
            """;

    private static final String TO_GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: bank}
            spec:
              hosts: [bank.default.svc.cluster.local]
              http:
              - match: [MATCH]
                route: [{destination: {host: egress.edge.svc.cluster.local, port: {number: 80}}}]
            ---
            """;

    private static final String STREAMS =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: out, namespace: edge}
            spec:
              servers:
              - port: {number: 443, name: tls, protocol: TLS}
                hosts: ["*.bank.example"]
                tls: {mode: PASSTHROUGH}
              - port: {number: 3306, name: db, protocol: TCP}
                hosts: ["*"]
              - port: {number: 6379, name: empty, protocol: TCP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: bank, namespace: edge}
            spec:
              hosts: ["*.bank.example"]
              gateways: [out]
              tls:
              - match: [{sniHosts: [www.bank.example]}]
                route: [{destination: {host: one.bank.example, port: {number: 443}}}]
              - match: [{sniHosts: ["*.bank.example"]}]
                route: [{destination: {host: all.bank.example, port: {number: 443}}}]
              tcp:
              - match: [{port: 3306}]
                route: [{destination: {host: db.bank.example, port: {number: 3306}}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: bank, namespace: edge}
            spec:
              hosts: [one.bank.example, all.bank.example, db.bank.example]
              resolution: STATIC
              location: MESH_EXTERNAL
              ports: [{number: 443, name: tls, protocol: TLS}, {number: 3306, name: db, protocol: TLS}]
              endpoints: [{address: 10.0.0.9}]
            """;

    @TempDir
    private Path folder;

    @Test
    void plainHttpOfAServiceOfTlsAloneGoesByTheRuleForPort80() throws Exception {
        String yaml = GATEWAY_SERVICE + TO_GATEWAY.replace("MATCH", "{port: 80}") + bank("{port: 443}");
        for (String url :
                List.of("http://bank/", "http://bank.default/", "http://bank.default.svc.cluster.local:80/")) {
            assertEquals("egress.edge.svc.cluster.local:80", destination(yaml, url));
        }
        assertEquals("bank.default.svc.cluster.local:443", destination(yaml, "http://bank:443/"));
    }

    @Test
    void andSoDoesThatOfAServiceWithSeveralOtherPorts() throws Exception {
        String yaml = GATEWAY_SERVICE
                + TO_GATEWAY.replace("MATCH", "{gateways: [mesh], port: 80}")
                + bank("{name: a, port: 443}, {name: b, port: 8443}");
        assertEquals("egress.edge.svc.cluster.local:80", destination(yaml, "http://bank/"));
        assertEquals("bank.default.svc.cluster.local:8443", destination(yaml, "http://bank:8443/"));
    }

    @Test
    void anEgressListenerOfPort80DoesSoToo() throws Exception {
        String sidecar =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  egress:
                  - port: {number: 80, name: http, protocol: HTTP}
                    captureMode: NONE
                    hosts: ["*/*"]
                ---
                """;
        String yaml = sidecar + GATEWAY_SERVICE + TO_GATEWAY.replace("MATCH", "{port: 80}") + bank("{port: 443}");
        assertEquals("egress.edge.svc.cluster.local:80", destination(yaml, "http://bank:80/"));
    }

    @Test
    void whereNoRuleNamesPort80TheServicesOnlyPortIsMeant() throws Exception {
        String other = GATEWAY_SERVICE + TO_GATEWAY.replace("MATCH", "{port: 9080}") + bank("{name: http, port: 9080}");
        assertEquals("egress.edge.svc.cluster.local:80", destination(other, "http://bank/"));
        String any =
                GATEWAY_SERVICE + TO_GATEWAY.replace("MATCH", "{uri: {prefix: /}}") + bank("{name: http, port: 9080}");
        assertEquals("egress.edge.svc.cluster.local:80", destination(any, "http://bank/"));
    }

    @Test
    void tlsThatPassesThroughAGatewayGoesByItsServerName() throws Exception {
        assertEquals("one.bank.example:443", destination(STREAMS, "https://www.bank.example/"));
        assertEquals("all.bank.example:443", destination(STREAMS, "https://eu.bank.example:443/"));
        JsonNode asked = explain(STREAMS, 0, "https://www.bank.example/", "--from", "gateway:edge/out");
        assertEquals("edge/bank", asked.get("virtualService").asText());
        assertEquals("gateway:0.0.0.0:443", asked.get("listener").asText());
        assertEquals(
                "passthrough",
                explain(STREAMS, 0, "https://www.other.example/").get("outcome").asText());
    }

    @Test
    void tlsForANameThatNoServerIsForIsClosed() throws Exception {
        for (JsonNode answer : List.of(
                explain(STREAMS, 4, "https://www.other.example/", "--from", "gateway:edge/out"),
                explain(STREAMS, 4, "https://www.other.example:443/"))) {
            assertEquals("none", answer.get("outcome").asText());
            assertEquals("gateway:0.0.0.0:443", answer.get("listener").asText());
            assertEquals(
                    "no server of this port is for the name that the client's TLS asks for: it is closed",
                    answer.get("reason").asText());
        }
    }

    @Test
    void aServerOfBytesIsAskedForByItsPort() throws Exception {
        assertEquals("db.bank.example:3306", destination(STREAMS, "http://any:3306/"));
        assertEquals("db.bank.example:3306", destination(STREAMS, "https://any:3306/"));
        assertEquals(
                "no tcp rule is for this server: the connection is closed",
                explain(STREAMS, 4, "http://any:6379/").get("reason").asText());
    }

    @Test
    void andSoIsASidecarsEgressListenerOfBytes() throws Exception {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  egress:
                  - port: {number: 3307, name: db, protocol: TCP}
                    captureMode: NONE
                    hosts: ["*/db.bank.example"]
                  - port: {number: 8443, name: tls, protocol: TLS}
                    captureMode: NONE
                    hosts: ["*/one.bank.example"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: db}
                spec:
                  hosts: [db.bank.example]
                  addresses: [10.96.0.3]
                  resolution: STATIC
                  ports: [{number: 3307, name: db, protocol: TCP}]
                  endpoints: [{address: 10.0.0.9}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: one}
                spec:
                  hosts: [one.bank.example]
                  resolution: STATIC
                  ports: [{number: 8443, name: tls, protocol: TLS}]
                  endpoints: [{address: 10.0.0.9}]
                """;
        assertEquals("db.bank.example:3307", destination(yaml, "http://any:3307/"));
        assertEquals("one.bank.example:8443", destination(yaml, "https://one.bank.example:8443/"));
    }

    @Test
    void listenersWithoutAProtocolAreAskedForHttpAndForTls() throws Exception {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  ingress:
                  - port: {number: 9000, name: other, protocol: HTTP}
                    captureMode: NONE
                    defaultEndpoint: 127.0.0.1:9900
                  - port: {number: 9001, name: app}
                    captureMode: NONE
                    defaultEndpoint: 127.0.0.1:9901
                  egress:
                  - port: {number: 9002, name: any}
                    captureMode: NONE
                    hosts: ["*/*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: one}
                spec:
                  hosts: [one.bank.example]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 10.0.0.9}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: db}
                spec:
                  hosts: [db.bank.example]
                  addresses: [10.96.0.3]
                  resolution: STATIC
                  ports: [{number: 3307, name: db, protocol: TCP}]
                  endpoints: [{address: 10.0.0.9}]
                """;
        assertEquals("one.bank.example:80", destination(yaml, "http://one.bank.example:9002/"));
        JsonNode tls = explain(yaml, 0, "https://any:9002/");
        assertEquals("db.bank.example", tls.at("/destinations/0/host").asText());
        assertEquals(
                "the port's protocol is not declared: what is not HTTP in the clear is carried as it is",
                tls.get("reason").asText());
        for (String url : List.of("http://app:9001/", "https://app:9001/")) {
            JsonNode app = explain(yaml, 0, url, "--from", "inbound");
            assertEquals("ingress:0.0.0.0:9001", app.get("listener").asText(), url);
            assertEquals("127.0.0.1:9901", app.at("/destinations/0/endpoints/0").asText(), url);
        }
        Said check = Said.by("check", folder.toString());
        assertEquals("0 ", check.exit() + " " + check.out());
    }

    private static String bank(String ports) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: bank}\nspec: {clusterIP: 10.96.0.9, ports: [" + ports
                + "]}\n";
    }

    private String destination(String yaml, String url) throws IOException {
        JsonNode first = explain(yaml, 0, url).at("/destinations/0");
        return first.path("host").asText() + ":" + first.path("port").asText();
    }

    private JsonNode explain(String yaml, int exit, String url, String... more) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml);
        List<String> arguments = new ArrayList<>(List.of("explain", folder.toString(), "GET", url, "--format", "json"));
        arguments.addAll(List.of(more));
        return Said.by(arguments).json(exit);
    }
}
