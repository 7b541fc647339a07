package dev.sluice.proxy.e2e.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.AdminClient;
import dev.sluice.proxy.e2e.fixture.AdminClient.Reply;
import dev.sluice.proxy.e2e.fixture.AdminProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what on the admin port (spec/reliability.md E1), byte by byte. */
class AdminAccessIT {
    private static final String EMPTY =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: nothing}
            spec: {ports: [{port: 80}]}
            """;

    private static final List<String> CHANGES =
            List.of("/healthcheck/fail", "/healthcheck/ok", "/drain_listeners", "/quitquitquit");

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    private AdminProcess process;
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        Path token = Files.writeString(elsewhere.resolve("token"), "s3cret\n");
        process = AdminProcess.start(folder, EMPTY, "--admin-token", token.toString());
        admin = process.admin();
    }

    @AfterEach
    void stop() {
        process.close();
    }

    private void refused(int status, String sentence, Reply reply) throws IOException {
        assertEquals(status, reply.status(), reply.body());
        assertTrue(reply.body().contains(sentence), reply.body());
        assertEquals(200, admin.get("/ready").status(), "the port goes on");
    }

    @Test
    void readingFromLoopbackNeedsNoToken() throws IOException {
        assertEquals(200, admin.get("/config_dump").status());
        assertEquals(200, admin.get("/clusters").status());
    }

    @Test
    void getChangesNothing() throws IOException {
        for (String page : CHANGES) {
            Reply reply = admin.get(page, "Authorization: Bearer s3cret", "X-Sluice-Admin: 1");
            refused(405, "takes POST only", reply);
            assertEquals("POST", reply.header("allow"), page);
        }
    }

    @Test
    void aChangeNeedsTheHeaderThatNoFormCanSend() throws IOException {
        for (String page : CHANGES) {
            refused(403, "X-Sluice-Admin: 1", admin.send("POST", page, "Authorization: Bearer s3cret"));
            refused(
                    403,
                    "X-Sluice-Admin: 1",
                    admin.send("POST", page, "Authorization: Bearer s3cret", "X-Sluice-Admin: 0"));
        }
    }

    @Test
    void aChangeNeedsTheToken() throws IOException {
        for (String page : CHANGES) {
            Reply without = admin.post(page);
            refused(401, "token", without);
            assertEquals("Bearer", without.header("www-authenticate"));
            refused(401, "token", admin.post(page, "Authorization: Bearer s3cre"));
            refused(401, "token", admin.post(page, "Authorization: Bearer s3crets"));
            refused(401, "token", admin.post(page, "Authorization: Basic s3cret"));
        }
        refused(401, "token", admin.post("/logging?level=debug"));
        assertEquals(
                200,
                admin.post("/healthcheck/fail", "Authorization: Bearer s3cret").status());
        assertEquals(503, admin.get("/ready").status());
    }

    @Test
    void aNameThatIsNotOursIsRefused() throws IOException {
        for (String host : List.of(
                "evil.example",
                "evil.example:15000",
                "127.0.0.1.evil.example",
                "10.0.0.1:15000",
                "localhost.",
                "",
                "[")) {
            refused(403, "Host", admin.get("/config_dump", "Host: " + host));
        }
        for (String host : List.of("localhost", "LOCALHOST:9", "127.0.0.1:15000", "[::1]:15000", "127.0.0.2")) {
            assertEquals(200, admin.get("/ready", "Host: " + host).status(), host);
        }
    }

    @Test
    void oneHostNotNoneNorTwo() throws IOException {
        refused(400, "Host", admin.raw("GET /ready HTTP/1.0\r\n\r\n"));
        refused(400, "", admin.get("/ready", "Host: localhost", "Host: localhost"));
    }

    @Test
    void otherOriginsAreRefusedAndNeverInvited() throws IOException {
        refused(403, "origin", admin.get("/clusters", "Origin: http://evil.example"));
        refused(403, "origin", admin.get("/clusters", "Origin: null"));
        refused(403, "site", admin.get("/clusters", "Sec-Fetch-Site: cross-site"));
        refused(403, "site", admin.get("/clusters", "Sec-Fetch-Site: same-site"));
        Reply preflight = admin.send(
                "OPTIONS",
                "/quitquitquit",
                "Origin: http://evil.example",
                "Access-Control-Request-Headers: x-sluice-admin");
        refused(403, "origin", preflight);
        assertEquals("", preflight.header("access-control-allow-origin"));
        Reply own = admin.get(
                "/clusters", "Host: localhost:1", "Origin: http://localhost:1", "Sec-Fetch-Site: same-origin");
        assertEquals(200, own.status());
    }

    @Test
    void pagesThatOnlyShowTakeNoPost() throws IOException {
        Reply reply = admin.post("/clusters", "Authorization: Bearer s3cret");
        refused(405, "takes GET", reply);
        assertEquals("GET, HEAD", reply.header("allow"));
        refused(405, "", admin.send("DELETE", "/logging"));
    }

    @Test
    void oddQueriesGetASentence() throws IOException {
        refused(404, "no such page", admin.get("/nowhere"));
        refused(404, "no such page", admin.get("/ready/"));
        refused(400, "format takes", admin.get("/clusters?format=xml"));
        refused(400, "resource takes", admin.get("/config_dump?resource"));
        refused(400, "filter is no RE2 expression", admin.get("/stats?filter=(("));
        refused(400, "url is missing", admin.get("/explain"));
        refused(400, "not a URL", admin.get("/explain?url=http://%22"));
        refused(400, "the URL must be", admin.get("/explain?url=ftp://x/"));
        refused(400, "name: value", admin.get("/explain?url=http://x/&header=nothing"));
        refused(400, "--from", admin.get("/explain?url=http://x/&from=above"));
        refused(400, "", admin.get("/clusters?format=%zz"));
        refused(400, "", admin.get("/clusters?%"));
    }

    @Test
    void whatIsNoHttpGets400() throws IOException {
        refused(400, "malformed", admin.raw("\u0001\u0002\r\n\r\n"));
        refused(400, "malformed", admin.get("/ready", "X-Long: " + "a".repeat(20_000)));
        refused(400, "malformed", admin.get("/" + "a".repeat(20_000)));
        refused(400, "malformed", admin.raw("GET /ready HTTP/1.1\r\nHost : localhost\r\n\r\n"));
    }

    @Test
    void aLargeBodyIsRefused() throws IOException {
        Reply reply = admin.raw("POST /logging?level=debug HTTP/1.1\r\nHost: localhost\r\nX-Sluice-Admin: 1\r\n"
                + "Connection: close\r\nContent-Length: 20000\r\n\r\n" + "a".repeat(20_000));
        assertEquals(413, reply.status());
        assertEquals("level: info\n", admin.get("/logging").body());
    }
}
