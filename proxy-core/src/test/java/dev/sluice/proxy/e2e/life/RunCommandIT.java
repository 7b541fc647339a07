package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.e2e.fixture.AdminClient;
import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import dev.sluice.proxy.e2e.fixture.SluiceProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice run} as contract.md has it, as a process: what it prints, where, and with which code it ends. */
class RunCommandIT {
    private static final Pattern READY = Pattern.compile("ready listeners=(\\d+) admin=(off|127\\.0\\.0\\.1:(\\d+))");

    private static final String HELLO =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: hello, namespace: shop}
            spec:
              hosts: [hello.example.com]
              http:
              - match: [{sourceNamespace: shop, sourceLabels: {app: cart}}]
                directResponse: {status: 200, body: {string: to the cart}}
              - directResponse: {status: 200, body: {string: to others}}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: hello, namespace: shop}
            spec:
              hosts: [hello.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1, ports: {http: 1}}]
            """;

    private static final String POLICY =
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: closed}
            spec: {}
            """;

    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec:
              servers:
              - port: {number: PORT, name: http, protocol: HTTP}
                bind: 127.0.0.1
                hosts: ["*"]
            """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path config(String... documents) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        for (int i = 0; i < documents.length; i++) {
            Files.writeString(config.resolve("c" + i + ".yaml"), documents[i]);
        }
        return config;
    }

    @Test
    void everyOptionIsAnEnvironmentVariable() throws Exception {
        Path config = config(HELLO, POLICY);
        Path log = folder.resolve("access.log");
        Map<String, String> environment = new TreeMap<>(Map.of(
                "SLUICE_NAMESPACE", "shop",
                "SLUICE_LABEL", "app=cart, version=v2",
                "SLUICE_SERVICE_ACCOUNT", "cart",
                "SLUICE_WORKERS", "1",
                "SLUICE_ADMIN", "127.0.0.1:0",
                "SLUICE_ADMIN_TOKEN", file("token", "s3cret\n").toString(),
                "SLUICE_OUTBOUND", "127.0.0.1:0",
                "SLUICE_DRAIN", "3",
                "SLUICE_ACCESS_LOG", log.toString()));
        environment.putAll(Map.of(
                "SLUICE_LOCALITY", "eu/one",
                "SLUICE_SET", "pathNormalization.normalization=MERGE_SLASHES,accessLogEncoding=JSON",
                "SLUICE_CARRY_HEADERS", "x-tenant, baggage",
                "SLUICE_IGNORE_KIND", "AuthorizationPolicy,EnvoyFilter",
                "SLUICE_CERTS", Files.createDirectory(folder.resolve("certs")).toString()));
        try (SluiceProcess process = SluiceProcess.start(environment, "run", config.toString())) {
            AdminClient admin = admin(process, 1);
            JsonNode info = json(admin, "/server_info");
            assertEquals("shop", info.at("/node/namespace").asText());
            assertEquals(
                    "{\"app\":\"cart\",\"version\":\"v2\"}",
                    info.at("/node/labels").toString());
            assertEquals(1, info.get("workers").asInt());
            JsonNode settings = json(admin, "/config_dump?resource=settings").get("settings");
            assertEquals("MERGE_SLASHES", settings.get("pathNormalization").asText());
            assertEquals(
                    "[\"x-tenant\",\"baggage\"]", settings.get("carryHeaders").toString());
            assertEquals("to the cart", hello(admin));
            Awaitility.await().until(() -> Files.readString(log).contains("\"authority\":\"hello.example.com\""));
            assertEquals(401, admin.post("/healthcheck/fail").status());
            assertEquals(
                    200,
                    admin.post("/quitquitquit", "Authorization: Bearer s3cret").status());
            Ended ended = process.await();
            assertEquals(0, ended.exit());
            assertEquals(List.of(), ended.out(), "the ready line comes once");
        }
    }

    @Test
    void anEmptyVariableIsNotSetAndTheCommandLineWins() throws Exception {
        Map<String, String> environment = Map.of(
                "SLUICE_WORKERS", "", "SLUICE_DRAIN", "", "SLUICE_ADMIN", "nonsense", "SLUICE_NAMESPACE", "elsewhere");
        try (SluiceProcess process = SluiceProcess.start(
                environment,
                "run",
                config(HELLO).toString(),
                "--admin",
                "127.0.0.1:0",
                "--outbound",
                "127.0.0.1:0",
                "--namespace",
                "shop",
                "--label",
                "app=cart",
                "--set",
                "pathNormalization.normalization=NONE")) {
            AdminClient admin = admin(process, 1);
            assertEquals("to the cart", hello(admin));
            assertEquals(
                    "NONE",
                    json(admin, "/config_dump?resource=settings")
                            .at("/settings/pathNormalization")
                            .asText());
            process.signal("TERM");
            assertEquals(0, process.await().exit());
        }
    }

    @Test
    void aRefusedConfigurationIsExitOneAndBindsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Were anything bound before the refusal, this port would make it exit 3.
            String gateway = GATEWAY.replace("PORT", Integer.toString(taken.getLocalPort()));
            Path config = config(gateway, HELLO.replace("directResponse", "directRespons"), POLICY);
            Ended ended = SluiceProcess.run(Map.of(), "run", config.toString(), "--admin", "127.0.0.1:0");
            assertEquals(1, ended.exit());
            assertEquals(List.of(), ended.out());
            String err = String.join("\n", ended.err());
            assertTrue(err.contains("c1.yaml:8:"), err);
            assertTrue(err.contains("IST0106"), err);
            assertTrue(err.contains("directResponse"), err);
            assertTrue(err.contains("c2.yaml:"), err);
            assertTrue(err.contains("SLC0201"), err);
            assertEquals(
                    "sluice: the configuration is refused; nothing was bound",
                    ended.err().get(ended.err().size() - 1));
        }
    }

    @Test
    void anOccupiedPortIsExitThreeAndOneLineThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String gateway = GATEWAY.replace("PORT", Integer.toString(taken.getLocalPort()));
            Ended ended = SluiceProcess.run(Map.of(), "run", config(gateway).toString(), "--admin", "off");
            assertEquals(3, ended.exit());
            assertEquals(List.of(), ended.out());
            assertEquals(List.of("sluice: cannot bind " + address + ": Address already in use"), ended.err());
            Ended admin = SluiceProcess.run(
                    Map.of("SLUICE_ADMIN", address), "run", config(HELLO).toString());
            assertEquals(3, admin.exit());
            assertEquals(
                    List.of("sluice: cannot bind the admin port " + address + ": Address already in use"), admin.err());
        }
    }

    @Test
    void theLogWarnsOfSingleDocumentsAndAcrossThemOnceEach() throws Exception {
        Path config = config(
                HELLO,
                "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: other-api}\n",
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: nobody}
                spec: {host: nobody.example.com}
                """);
        try (SluiceProcess process = SluiceProcess.start(
                Map.of("SLUICE_ADMIN", "127.0.0.1:0", "SLUICE_OUTBOUND", "127.0.0.1:0"), "run", config.toString())) {
            admin(process, 1);
            for (String told : List.of("c1.yaml:2:7: warning SLC0202 HTTPRoute", "c2.yaml:4:14: warning IST0174 ")) {
                Awaitility.await().until(() -> process.err().stream().anyMatch(line -> line.contains(told)));
            }
            String moved = "\n" + Files.readString(config.resolve("c2.yaml"));
            Files.move(file("moved", moved), config.resolve("c2.yaml"), StandardCopyOption.REPLACE_EXISTING);
            String other = moved.replace("nobody", "noone");
            Files.move(file("other", other), config.resolve("c3.yaml"));
            Awaitility.await().until(() -> process.err().stream()
                    .anyMatch(line -> line.contains("c3.yaml:5:14: warning IST0174 ")));
            long told = process.err().stream()
                    .filter(line -> line.contains("IST0174") && line.contains("nobody"))
                    .count();
            assertEquals(1, told, "it only moved");
        }
    }

    @Test
    void hostsThatDoNotExistCannotBeBound() throws Exception {
        Ended outbound = SluiceProcess.run(
                Map.of(), "run", config(HELLO).toString(), "--admin", "off", "--outbound", "nowhere.invalid:1");
        assertEquals(3, outbound.exit());
        assertEquals(List.of("sluice: cannot bind nowhere.invalid:1: unknown host"), outbound.err());
        String token = file("token", "s3cret").toString();
        Ended admin = SluiceProcess.run(
                Map.of(), "run", config(HELLO).toString(), "--admin", "nowhere.invalid:1", "--admin-token", token);
        assertEquals(3, admin.exit());
        assertEquals(List.of("sluice: cannot bind the admin port nowhere.invalid:1: unknown host"), admin.err());
    }

    @Test
    void whereThereIsNoIpv6AnAddressOfItIsToldAsSuch() throws Exception {
        // Java tells of the variable, too.
        Map<String, String> without = Map.of("JDK_JAVA_OPTIONS", "-Djava.net.preferIPv4Stack=true");
        Ended ended = SluiceProcess.run(without, "run", config(HELLO).toString(), "--admin", "[::1]:0");
        assertEquals(3, ended.exit());
        assertEquals(
                "sluice: cannot bind the admin port [::1]:0: IPv6 is not available here",
                ended.err().get(ended.err().size() - 1));
    }

    @Test
    void aRefusedReloadIsToldInTheLogOnTheAdminPortAndInAMetric() throws Exception {
        Path config = config(HELLO);
        try (SluiceProcess process = SluiceProcess.start(
                Map.of("SLUICE_ADMIN", "127.0.0.1:0", "SLUICE_OUTBOUND", "127.0.0.1:0", "SLUICE_NAMESPACE", "shop"),
                "run",
                config.toString())) {
            AdminClient admin = admin(process, 1);
            Path next = file("next", HELLO.replace("status: 200", "status: 99"));
            Files.move(next, config.resolve("c0.yaml"), StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await().until(() -> json(admin, "/server_info")
                    .at("/configuration/outcome")
                    .asText()
                    .equals("partly applied"));
            JsonNode kept = json(admin, "/server_info").at("/configuration/kept");
            assertEquals("hello", kept.at("/0/name").asText());
            assertTrue(kept.at("/0/message").asText().contains("99"), kept.toString());
            assertEquals(
                    "sluice_config_reload_failures_total: 1\n",
                    admin.get("/stats?filter=reload_failures").body());
            Awaitility.await().until(() -> process.err().stream()
                    .anyMatch(line -> line.contains("c0.yaml:8:")
                            && line.contains("IST0106")
                            && line.endsWith("(its last good version stays in force)")));
            Files.move(file("other", "# of no account\n"), config.resolve("c9.yaml"));
            Awaitility.await()
                    .until(() -> process.err().stream().anyMatch(line -> line.contains("configuration 3 in force")));
            long told = process.err().stream()
                    .filter(line -> line.contains("c0.yaml:8:"))
                    .count();
            assertEquals(1, told, "what has not changed is not told again");
            assertEquals("to others", hello(admin), "the last good version");
        }
    }

    private static AdminClient admin(SluiceProcess process, int listeners) throws IOException {
        String line = process.line();
        assertNotNull(line, () -> "no ready line");
        Matcher ready = READY.matcher(line);
        assertTrue(ready.matches(), line);
        assertEquals(listeners, Integer.parseInt(ready.group(1)));
        return new AdminClient(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(ready.group(3))));
    }

    private static JsonNode json(AdminClient admin, String target) throws IOException {
        return new ObjectMapper().readTree(admin.get(target).body());
    }

    /** What the explicit outbound listener answers; the admin port tells where that is. */
    private static String hello(AdminClient admin) throws IOException, InterruptedException {
        JsonNode listener = json(admin, "/listeners?format=json").at("/listener_statuses/0");
        assertEquals("OUTBOUND", listener.get("kind").asText());
        int port = listener.at("/local_address/socket_address/port_value").asInt();
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                .build();
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://hello.example.com/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
