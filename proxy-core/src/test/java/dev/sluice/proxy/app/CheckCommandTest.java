package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice check} as contract.md has it: lines, JSON, exit codes, and who it is for. */
class CheckCommandTest {
    private static final Pattern LINE = Pattern.compile(".+:\\d+:\\d+: (?:error|warning|info) ([A-Z]{3}\\d{4}) .+");

    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {app: edge}
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: [a.com]
            """;

    @TempDir
    private Path folder;

    private record Checked(int exit, List<String> lines) {
        List<String> codes() {
            List<String> codes = new ArrayList<>();
            for (String line : lines) {
                Matcher matcher = LINE.matcher(line);
                assertTrue(matcher.matches(), line);
                codes.add(matcher.group(1));
            }
            return codes;
        }
    }

    private void file(String name, String yaml) throws IOException {
        Files.writeString(folder.resolve(name), yaml);
    }

    private Checked check(String... options) {
        List<String> arguments = new ArrayList<>(List.of("check", folder.toString()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        int exit = Commands.line().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
        return new Checked(exit, out.toString().lines().toList());
    }

    @Test
    void aFolderWithoutFilesIsSaidToHaveNone() {
        StringWriter err = new StringWriter();
        assertEquals(0, Commands.line().setErr(new PrintWriter(err)).execute("check", folder.toString()));
        assertEquals(
                "sluice: nothing to check: no *.yaml or *.yml in " + folder,
                err.toString().strip());
    }

    @Test
    void aLineSaysWhereHowBadWhichAndWhat() throws Exception {
        file(
                "vs.yaml",
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: front, namespace: shop}
                spec:
                  hosts: [front]
                  http:
                  - route:
                    - destination: {host: reviews}
                """);
        Checked checked = check();
        assertEquals(1, checked.exit);
        assertEquals(
                List.of(folder.resolve("vs.yaml") + ":8:27: error IST0101"
                        + " spec.http[0].route[0].destination.host: host \"reviews\" not found"),
                checked.lines);
    }

    @Test
    void jsonSaysTheSameInFields() throws Exception {
        file("gateway.yaml", GATEWAY);
        JsonNode all =
                new ObjectMapper().readTree(String.join("\n", check("--format", "json", "--label", "app=x").lines));
        assertEquals(1, all.size());
        JsonNode finding = all.get(0);
        assertEquals(
                folder.resolve("gateway.yaml").toString(), finding.get("file").asText());
        assertEquals(5, finding.get("line").asInt());
        assertEquals(13, finding.get("column").asInt());
        assertEquals("error", finding.get("severity").asText());
        assertEquals("IST0101", finding.get("code").asText());
        assertEquals("Gateway", finding.get("kind").asText());
        assertEquals("shop", finding.get("namespace").asText());
        assertEquals("edge", finding.get("name").asText());
        assertEquals("spec.selector", finding.get("path").asText());
        assertTrue(finding.get("message").asText().contains("no workload has the labels"));
    }

    @Test
    void aNameOfAFileDoesNotBreakItsLine() throws Exception {
        file("a\nb\u001b.yaml", "a word\n");
        List<String> lines = check().lines();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("a\\nb\\u001b.yaml:1:1: error IST0106"), lines.toString());
    }

    @Test
    void noFindingIsAnEmptyArrayAndExitZero() throws Exception {
        file("gateway.yaml", GATEWAY);
        assertEquals(new Checked(0, List.of()), check());
        assertEquals(new Checked(0, List.of("[ ]")), check("--format", "json"));
    }

    @Test
    void aGatewaySelectorIsHeldAgainstTheLabelsThatAreGiven() throws Exception {
        file("gateway.yaml", GATEWAY);
        assertEquals(List.of(), check("--label", "app=edge").codes());
        assertEquals(List.of("IST0101"), check("--label", "app=other").codes());
    }

    @Test
    void theNamespaceIsTheWorkloads() throws Exception {
        file(
                "sidecar.yaml",
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: own, namespace: shop}
                spec:
                  workloadSelector: {labels: {app: a}}
                  egress:
                  - hosts: ['./*']
                """);
        assertEquals(List.of("IST0101"), check("--label", "app=a").codes());
        assertEquals(List.of(), check("--label", "app=a", "--namespace", "shop").codes());
    }

    @Test
    void aDangerousKindIsAnErrorUnlessItIsIgnored() throws Exception {
        file(
                "policy.yaml",
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: deny, namespace: shop}
                spec: {}
                """);
        Checked refused = check();
        assertEquals(1, refused.exit);
        assertEquals(List.of("SLC0201"), refused.codes());
        Checked ignored = check("--ignore-kind", "AuthorizationPolicy");
        assertEquals(0, ignored.exit);
        assertEquals(List.of("SLC0202"), ignored.codes());
    }

    @Test
    void warningsAloneAreNoFailure() throws Exception {
        file(
                "rule.yaml",
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: dr, namespace: shop}
                spec: {host: nobody.com}
                """);
        Checked checked = check();
        assertEquals(0, checked.exit);
        assertEquals(List.of("IST0174"), checked.codes());
    }

    @Test
    void anInvalidObjectIsThereForThoseThatNameIt() throws Exception {
        file("gateway.yaml", GATEWAY + "unknown: 1\n");
        file(
                "vs.yaml",
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: front, namespace: shop}
                spec:
                  hosts: [a.com]
                  gateways: [edge]
                  http:
                  - directResponse: {status: 200}
                """);
        assertEquals(List.of("IST0106"), check().codes());
    }

    @Test
    void operatorsThatTheProxyDoesNotKnowAreWarnings() throws Exception {
        file(
                "vs.yaml",
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: front, namespace: shop}
                spec:
                  hosts: [a.com]
                  http:
                  - headers:
                      request: {set: {x-a: '%NOPE%', x-b: '%PROTOCOL%', Host: '%NOPE%'}}
                      response: {add: {x-c: '%PROTOCOL(x)%'}}
                    directResponse: {status: 200}
                """);
        file("mesh.yaml", "accessLogFile: /dev/stdout\naccessLogFormat: '%PROTOCOL% %NOPE%'\n");
        Checked checked = check();
        assertEquals(0, checked.exit);
        assertEquals(
                List.of(
                        folder.resolve("mesh.yaml")
                                + ":2:18: warning SLC0114 access log format: unknown operator %NOPE%",
                        folder.resolve("vs.yaml")
                                + ":8:28: warning SLC0114 spec.http[0].headers.request.set.x-a: unknown operator %NOPE%;"
                                + " nothing is put in its place",
                        folder.resolve("vs.yaml")
                                + ":9:29: warning SLC0114 spec.http[0].headers.response.add.x-c: operator %PROTOCOL%"
                                + " takes no argument, was given (x); nothing is put in its place"),
                checked.lines);
        assertEquals(
                List.of("SLC0114", "SLC0114", "SLC0114"),
                check("--set", "accessLogFormat=%NADA%").codes());
    }

    @Test
    void aMistakeIsFoundAmongAThousandFiles() throws Exception {
        for (int i = 0; i < 1000; i++) {
            file(
                    "team" + i + ".yaml",
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: s%1$d, namespace: shop}
                    spec: {selector: {app: s%1$d}, ports: [{name: http, port: 80}]}
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: v%1$d, namespace: shop}
                    spec: {hosts: [s%1$d], http: [{route: [{destination: {host: s%2$d}}]}]}
                    """
                            .formatted(i, i == 567 ? 99999 : (i + 1) % 1000));
        }
        Checked checked = check();
        assertEquals(1, checked.exit);
        assertEquals(1, checked.lines.size(), checked.lines::toString);
        assertTrue(
                checked.lines
                        .get(0)
                        .startsWith(
                                folder.resolve("team567.yaml")
                                        + ":9:60: error IST0101 spec.http[0].route[0].destination.host: host \"s99999\" not found"),
                checked.lines.get(0));
    }

    @Test
    void usageIsExitTwoAndAMissingFileExitOne() {
        assertEquals(2, check("--label", "novalue").exit);
        assertEquals(2, check("--format", "xml").exit);
        assertEquals(1, Main.run("check", folder.resolve("nothing").toString()));
    }
}
