package dev.sluice.proxy.e2e.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.e2e.fixture.AdminClient;
import dev.sluice.proxy.e2e.fixture.AdminClient.Reply;
import dev.sluice.proxy.e2e.fixture.AdminProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each page of the admin port shows of a process that runs. */
class AdminPagesIT {
    private static final String SHOP =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1, ports: {http: 1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              http:
              - name: cart
                match: [{uri: {prefix: /cart}}]
                timeout: TIMEOUT
                headers: {request: {set: {authorization: "Bearer of-the-config", x-plain: seen}}}
                route: [{destination: {host: shop.example.com}}]
              - name: staff
                match: [{headers: {authorization: {prefix: "Bearer of-the-config"}}}]
                directResponse: {status: 200}
              - name: hello
                directResponse: {status: 200, body: {string: hello}}
            """;

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    @TempDir
    private Path folder;

    private AdminProcess process;
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        process = AdminProcess.start(folder, SHOP.replace("TIMEOUT", "3s"));
        admin = process.admin();
    }

    @AfterEach
    void stop() {
        process.close();
    }

    private JsonNode json(String target) throws IOException {
        Reply reply = admin.get(target);
        assertEquals(200, reply.status(), reply.body());
        assertEquals("application/json; charset=utf-8", reply.header("content-type"));
        return JSON.readTree(reply.body());
    }

    @Test
    void theReadyLineTellsTheRealPort() {
        assertEquals(
                "ready listeners=1 admin=127.0.0.1:" + admin.address().getPort(),
                process.process().readyLine());
        assertTrue(admin.address().getPort() > 0);
    }

    @Test
    void theIndexListsEveryPageAndEachCanBeRead() throws IOException {
        String index = admin.get("/").body();
        for (String page : List.of(
                "/config_dump",
                "/clusters",
                "/listeners",
                "/stats",
                "/stats/prometheus",
                "/ready",
                "/server_info",
                "/logging")) {
            assertTrue(index.contains("<a href=\"" + page + "\">"), page);
            Reply reply = admin.get(page);
            assertEquals(200, reply.status(), page);
            assertFalse(reply.body().isEmpty(), page);
            assertEquals("nosniff", reply.header("x-content-type-options"), page);
            assertEquals("", reply.header("access-control-allow-origin"), page);
        }
        for (String page :
                List.of("/explain", "/healthcheck/fail", "/healthcheck/ok", "/drain_listeners", "/quitquitquit")) {
            assertTrue(index.contains(page), page);
        }
    }

    @Test
    void headIsGetWithoutABody() throws IOException {
        Reply get = admin.get("/listeners");
        Reply head = admin.send("HEAD", "/listeners");
        assertEquals(200, head.status());
        assertEquals("", head.body());
        assertEquals(get.header("content-length"), head.header("content-length"));
    }

    @Test
    void listenersTellWhereTheyAreBound() throws IOException {
        JsonNode listener = json("/listeners?format=json").at("/listener_statuses/0");
        assertEquals(
                process.outbound().getPort(),
                listener.at("/local_address/socket_address/port_value").asInt());
        assertEquals(
                "127.0.0.1",
                listener.at("/local_address/socket_address/address").asText());
        assertEquals(
                listener.get("name").asText() + "::127.0.0.1:"
                        + process.outbound().getPort() + "\n",
                admin.get("/listeners").body());
    }

    @Test
    void serverInfoTellsWhatRunsAndHowItsConfigurationStands() throws IOException {
        JsonNode info = json("/server_info");
        assertEquals("LIVE", info.get("state").asText());
        assertEquals(Runtime.version().toString(), info.get("jdk").asText());
        assertEquals(1, info.get("workers").asInt());
        assertEquals("default", info.at("/node/namespace").asText());
        assertEquals("applied", info.at("/configuration/outcome").asText());
        assertEquals(1, info.at("/configuration/generation").asInt());
    }

    @Test
    void explainAnswersOverTheConfigurationInForce() throws Exception {
        JsonNode answer = json("/explain?method=GET&url=http://shop.example.com/cart/7");
        assertEquals("route", answer.get("outcome").asText());
        assertEquals("default/shop", answer.get("virtualService").asText());
        assertEquals("cart", answer.at("/rule/name").asText());
        assertEquals(3000, answer.get("timeoutMs").asInt());
        assertEquals("shop.example.com", answer.at("/destinations/0/host").asText());
        process.edit(SHOP.replace("TIMEOUT", "7s"));
        Awaitility.await()
                .until(() -> json("/explain?url=http://shop.example.com/cart")
                                .get("timeoutMs")
                                .asInt()
                        == 7000);
    }

    @Test
    void explainTellsOfAHostThatIsDeclaredAndNotExportedHere() throws Exception {
        process.edit(
                SHOP.replace("TIMEOUT", "3s")
                        + """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: ledger, namespace: pay}
                spec: {hosts: [ledger.example], exportTo: [.], ports: [{number: 80, name: http, protocol: HTTP}]}
                """);
        Awaitility.await().until(() -> json("/explain?url=http://ledger.example/")
                .get("reason")
                .asText()
                .contains("its exportTo [.] hides it from namespace default"));
    }

    @Test
    void noPageHandsOutCredentialsThatTheConfigurationHolds() throws IOException {
        String explained =
                admin.get("/explain?url=http://shop.example.com/cart").body();
        assertTrue(explained.contains("\"x-plain\" : \"seen\""), explained);
        assertTrue(explained.contains("\"authorization\" : \"[redacted]\""), explained);
        String tried = admin.get("/explain?url=http://shop.example.com/").body();
        assertTrue(tried.contains("\"expected\" : \"exactly \\\"[redacted]\\\"\""), tried);
        assertFalse(tried.contains("of-the-config"), tried);
        String dump = admin.get("/config_dump").body();
        assertTrue(dump.contains("\"seen\""), dump);
        assertTrue(dump.contains("[redacted]"), dump);
        assertFalse(dump.contains("of-the-config"), dump);
    }

    @Test
    void theDumpHoldsListenersRulesWithTheirPlacesAndClusters() throws IOException {
        JsonNode dump = json("/config_dump");
        JsonNode rule = dump.at("/listeners/0/routes/hosts").findValue("rule");
        assertEquals("default/shop", rule.get("virtualService").asText());
        assertTrue(rule.get("at").asText().contains("config.yaml:16:"), rule.toString());
        assertEquals("outbound|80||shop.example.com", dump.at("/clusters/0/key").asText());
        assertEquals("3000ms", dump.findValue("timeout").get("route").asText());
        assertEquals(1, json("/config_dump?resource=clusters").size());
        assertEquals(400, admin.get("/config_dump?resource=secrets").status());
    }

    @Test
    void aBrokenReloadIsToldWithWhatItKeepsInForce() throws Exception {
        process.edit(SHOP.replace("TIMEOUT", "soon"));
        Awaitility.await().until(() -> json("/server_info")
                .at("/configuration/outcome")
                .asText()
                .equals("partly applied"));
        JsonNode reload = json("/config_dump?resource=reload").get("reload");
        assertEquals(1, reload.get("rejected").asInt());
        assertEquals("IST0106", reload.at("/kept/0/code").asText());
        assertEquals("VirtualService", reload.at("/kept/0/kind").asText());
        assertTrue(reload.at("/kept/0/line").asInt() > 0);
        assertEquals(
                3000,
                json("/explain?url=http://shop.example.com/cart")
                        .get("timeoutMs")
                        .asInt());
        String metrics = admin.get("/stats").body();
        assertTrue(metrics.contains("sluice_config_reloads_total: 2\n"), metrics);
        assertTrue(metrics.contains("sluice_config_reload_failures_total: 1\n"), metrics);
        assertTrue(metrics.contains("sluice_config_findings{severity=\"error\"}: 1\n"), metrics);
        process.edit(SHOP.replace("TIMEOUT", "4s"));
        Awaitility.await().until(() -> json("/server_info")
                .at("/configuration/outcome")
                .asText()
                .equals("applied"));
        assertEquals(0, json("/config_dump?resource=reload").at("/reload/kept").size());
    }

    @Test
    void aReloadThatNamesWhatIsNotThereIsInForceAndToldAsCheckTellsIt() throws Exception {
        assertEquals(0, json("/server_info").at("/configuration/findings").size());
        process.edit(SHOP.replace("TIMEOUT", "3s").replace("destination: {host: shop.", "destination: {host: shp."));
        Awaitility.await()
                .until(() ->
                        json("/server_info").at("/configuration/generation").asInt() == 2);
        JsonNode reload = json("/config_dump?resource=reload").get("reload");
        assertEquals("applied", reload.get("outcome").asText());
        assertEquals(0, reload.get("rejected").asInt());
        assertEquals(0, reload.get("kept").size());
        JsonNode finding = reload.at("/findings/0");
        assertEquals("IST0101", finding.get("code").asText());
        assertEquals("error", finding.get("severity").asText());
        assertTrue(finding.get("message").asText().contains("\"shp.example.com\" not found"), finding.toString());
        String metrics = admin.get("/stats").body();
        assertTrue(metrics.contains("sluice_config_reload_failures_total: 0\n"), metrics);
        assertTrue(metrics.contains("sluice_config_findings{severity=\"error\"}: 1\n"), metrics);
        process.edit(SHOP.replace("TIMEOUT", "3s"));
        Awaitility.await()
                .until(() -> json("/server_info").at("/configuration/findings").size() == 0);
    }

    @Test
    void theLogLevelIsReadByGetAndChangedByPost() throws IOException {
        assertEquals("level: info\n", admin.get("/logging").body());
        Reply byGet = admin.get("/logging?level=debug");
        assertEquals(405, byGet.status());
        assertEquals("POST", byGet.header("allow"));
        assertEquals("level: info\n", admin.get("/logging").body());
        assertEquals("level: debug\n", admin.post("/logging?level=debug").body());
        assertEquals("level: debug\n", admin.get("/logging").body());
        Reply odd = admin.post("/logging?level=loud");
        assertEquals(400, odd.status());
        assertTrue(odd.body().contains("unknown level 'loud'"), odd.body());
        assertEquals(400, admin.post("/logging").status());
    }

    @Test
    void aFailedHealthCheckIsNotReadyButStillServes() throws Exception {
        assertEquals("LIVE\n", admin.get("/ready").body());
        assertEquals(200, admin.post("/healthcheck/fail").status());
        Reply failed = admin.get("/ready");
        assertEquals(503, failed.status());
        assertEquals("DRAINING\n", failed.body());
        assertEquals("DRAINING", json("/server_info").get("state").asText());
        assertEquals("hello", process.get("http://shop.example.com/").body());
        assertEquals(200, admin.post("/healthcheck/ok").status());
        assertEquals(200, admin.get("/ready").status());
    }
}
